import { isTransient } from './unavailable.ts';

/** What to do when a connection is refused: wait a little and ask again, or give up. */
export type Patience = {
  /** Calls `again` soon, or `giveUp` at once if it has been in vain for too long or would go on being so. */
  refused(err: Error, again: () => void, giveUp: (err: Error) => void): void;
  /** A connection was made: whatever was away is back. */
  connected(): void;
};

const FIRST_MS = 25;
const LONGEST_MS = 200;

/**
 * Bridges the restart of a database: for up to `ms` after the first refusal a request waits instead of failing. Nothing
 * has been sent by then, so asking again is harmless. A database that stays away costs nobody that time again: until it is
 * back, every further refusal is passed on at once.
 */
export function createPatience(ms: number): Patience {
  let awaySince: number | undefined;
  return {
    refused: (err, again, giveUp) => {
      const now = performance.now();
      if (!isTransient(err)) return giveUp(err);
      awaySince ??= now;
      const away = now - awaySince;
      const pause = Math.min(LONGEST_MS, Math.max(FIRST_MS, away / 4)) * (0.75 + Math.random() / 2);
      if (away + pause > ms) return giveUp(err);
      setTimeout(again, pause);
    },
    connected: () => {
      awaySince = undefined;
    },
  };
}
