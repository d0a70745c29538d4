/** When keys take turns; in milliseconds. */
export type KeySchedule = {
  /** How long a key signs. */
  rotationMs: number;
  /** How long whoever checks tokens may go on with the set of keys that it has. */
  cacheMs: number;
  /** How long a token is good. */
  tokenMs: number;
};

export type ScheduledKey = { id: string; signsFrom: Date };

/**
 * The key that signs at a moment: of those whose time has come, the one that came last. Until then, and should there be
 * none, the earliest.
 */
export function signingKey<K extends ScheduledKey>(keys: readonly K[], now: Date): K | undefined {
  const sorted = inOrder(keys);
  return sorted.findLast((key) => key.signsFrom <= now) ?? sorted[0];
}

/**
 * When a new key is to sign from, if it is time to make one; undefined if not. It is made before its time, so that it
 * is in every copy of the set before the first token that it has signed. The very first signs at once.
 */
export function nextKey(keys: readonly ScheduledKey[], now: Date, schedule: KeySchedule): Date | undefined {
  const last = inOrder(keys).at(-1);
  if (!last) return now;
  const due = last.signsFrom.getTime() + schedule.rotationMs;
  if (now.getTime() < due - schedule.cacheMs) return undefined;
  return new Date(Math.max(due, now.getTime() + schedule.cacheMs));
}

/**
 * The keys that no token needs any more: those that a later one has relieved so long ago that their last token has
 * expired, by any clock a little off, and by any copy of the set that was about to be renewed.
 */
export function retiredKeys<K extends ScheduledKey>(keys: readonly K[], now: Date, schedule: KeySchedule): K[] {
  const sorted = inOrder(keys);
  return sorted.filter((_, i) => {
    const successor = sorted[i + 1];
    if (!successor) return false;
    return successor.signsFrom.getTime() + schedule.tokenMs + schedule.cacheMs < now.getTime();
  });
}

/** Version 7 ids are in order of time, and decide between keys of the same moment. */
function inOrder<K extends ScheduledKey>(keys: readonly K[]): K[] {
  return keys.toSorted((a, b) => a.signsFrom.getTime() - b.signsFrom.getTime() || (a.id < b.id ? -1 : 1));
}
