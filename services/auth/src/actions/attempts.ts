import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Pool } from '@tradepost/postgres/pool';
import { type Count, mailCounts, passwordCounts, waitFor } from '../domain/attempts.ts';
import { addAttempt, takeBackAttempt } from '../store/attempts.ts';
import { tokenHash } from '../store/token-hash.ts';
import type { Context, Requester } from './context.ts';

/** An attempt that has been counted. */
export type Attempt = {
  /** It succeeded: what is begun anew by that is, and `more` with it. */
  succeeded(more?: readonly Count[]): Promise<void>;
  /** It came to nothing, for a reason that is not its own: it does not count. */
  withdrawn(): Promise<void>;
};

/**
 * Counts an attempt before it is made, so that many at once get no further than one after the other, and throws
 * `rate_limited` if it is one too many.
 */
export async function countAttempt(pool: Pool, counts: readonly Count[], what: string): Promise<Attempt> {
  const limited = counts.filter(({ limit }) => limit > 0).map((count) => ({ ...count, key: tokenHash(count.subject) }));
  const keysOf = (list: readonly Count[]): string[] => list.map(({ subject }) => tokenHash(subject));
  const clearedOf = (list: readonly Count[]): string[] => keysOf(list.filter((count) => count.clearedBySuccess));
  if (limited.length === 0) {
    const succeeded = (more: readonly Count[] = []) => takeBackAttempt(pool, [], clearedOf(more));
    return { succeeded: (more) => (more ? succeeded(more) : Promise.resolve()), withdrawn: async () => undefined };
  }
  const counted = new Map((await addAttempt(pool, limited)).map((row) => [row.key, row]));
  const seconds = waitFor(
    limited.map(({ key, limit }) => ({ limit, count: 0, resetsInSeconds: 0, ...counted.get(key) })),
  );
  if (seconds !== undefined) {
    throw new ProblemError('rate_limited', `${what}; try again in ${inWords(seconds)}`, { retryAfter: seconds });
  }
  return {
    succeeded: (more = []) =>
      takeBackAttempt(
        pool,
        keysOf(limited.filter((count) => !count.clearedBySuccess)),
        clearedOf([...limited, ...more]),
      ),
    withdrawn: () => takeBackAttempt(pool, keysOf(limited), []),
  };
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
