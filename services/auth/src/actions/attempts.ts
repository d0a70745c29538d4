import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Pool } from '@tradepost/postgres/pool';
import { type Count, mailCounts, passwordCounts, waitFor } from '../domain/attempts.ts';
import { type AttemptKey, addAttempt, type CountedAttempt, takeBackAttempt } from '../store/attempts.ts';
import { tokenHash } from '../store/token-hash.ts';
import type { Context, Requester } from './context.ts';

/** Keys of attempts to take back one of, and of those to begin anew. */
export type AttemptWithdrawal = { keys: string[]; cleared: string[] };

/** An attempt that has been counted. */
export type Attempt = {
  /** What a success takes back, for whoever does that in a statement of their own: this attempt, and one of `more` that was counted too. */
  afterSuccess(more?: readonly Count[]): AttemptWithdrawal;
  /** It succeeded. */
  succeeded(more?: readonly Count[]): Promise<void>;
  /** It came to nothing, for a reason that is not its own: it does not count. */
  withdrawn(): Promise<void>;
};

/** What an attempt is to be counted for, and what it is once that was counted. */
export type PlannedAttempt = {
  wanted: AttemptKey[];
  /** Throws `rate_limited` if it is one too many. */
  begin(counted: readonly CountedAttempt[]): Attempt;
};

const keysOf = (list: readonly Count[]): string[] => list.map(({ subject }) => tokenHash(subject));

const limitedOf = (list: readonly Count[]) =>
  list.filter(({ limit }) => limit > 0).map((count) => ({ ...count, key: tokenHash(count.subject) }));

export function planAttempt(pool: Pool, counts: readonly Count[], what: string): PlannedAttempt {
  const limited = limitedOf(counts);
  const afterSuccess = (more: readonly Count[] = []): AttemptWithdrawal => ({
    keys: keysOf([...limited, ...limitedOf(more)].filter((count) => !count.clearedBySuccess)),
    cleared: keysOf([...limited, ...more].filter((count) => count.clearedBySuccess)),
  });
  const takeBack = async ({ keys, cleared }: AttemptWithdrawal) => {
    if (keys.length > 0 || cleared.length > 0) await takeBackAttempt(pool, keys, cleared);
  };
  return {
    wanted: limited.map(({ key, windowSeconds }) => ({ key, windowSeconds })),
    begin(counted) {
      assertWithinLimits(limited, counted, what);
      return {
        afterSuccess,
        succeeded: (more) => takeBack(afterSuccess(more)),
        withdrawn: () => takeBack({ keys: limited.map(({ key }) => key), cleared: [] }),
      };
    },
  };
}

function assertWithinLimits(
  limited: readonly (Count & { key: string })[],
  counted: readonly CountedAttempt[],
  what: string,
): void {
  const byKey = new Map(counted.map((row) => [row.key, row]));
  const withLimits = limited.map(({ key, limit }) => ({ limit, count: 0, resetsInSeconds: 0, ...byKey.get(key) }));
  const seconds = waitFor(withLimits);
  if (seconds === undefined) return;
  throw new ProblemError('rate_limited', `${what}; try again in ${inWords(seconds)}`, { retryAfter: seconds });
}

/**
 * Counts an attempt before it is made, so that many at once get no further than one after the other, and throws
 * `rate_limited` if it is one too many.
 */
export async function countAttempt(pool: Pool, counts: readonly Count[], what: string): Promise<Attempt> {
  const { wanted, begin } = planAttempt(pool, counts, what);
  return begin(wanted.length === 0 ? [] : await addAttempt(pool, wanted));
}

/** Counts a request for a mail; throws `rate_limited` if it is one too many for one of those whom it concerns. */
export async function countMail(
  ctx: Pick<Context, 'pool' | 'mailLimits'>,
  requester: Requester,
  ...recipients: string[]
): Promise<void> {
  const counts = mailCounts(recipients, requester.address, ctx.mailLimits);
  await countAttempt(ctx.pool, counts, 'Too many mails have been asked for');
}

/** Begins the counts of wrong passwords anew: who has just set the password is not kept out by guesses at the old one. */
export async function forgetWrongPasswords(ctx: Context, requester: Requester, email: string): Promise<void> {
  const counts = passwordCounts(email, requester.address, ctx.passwordLimits);
  const cleared = counts.filter((count) => count.clearedBySuccess).map(({ subject }) => tokenHash(subject));
  await takeBackAttempt(ctx.pool, [], cleared);
}

function inWords(seconds: number): string {
  return seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} s`;
}
