import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { type Count, codeCounts } from '../domain/attempts.ts';
import { isTotpCode, plainRecoveryCode } from '../domain/recovery-codes.ts';
import type { Account } from '../store/accounts.ts';
import { consumeRecoveryCode, totpOf, useTotpStep } from '../store/second-factors.ts';
import { tokenHash } from '../store/token-hash.ts';
import { countAttempt } from './attempts.ts';
import type { Context } from './context.ts';
import { decryptTotpSecret, stepOfCode } from './totp.ts';

/** What is stored of a recovery code. */
export function recoveryCodeHash(accountId: string, typed: string): string {
  return tokenHash(`recovery-code:${accountId}:${plainRecoveryCode(typed)}`);
}

/**
 * Uses up a code of the authenticator app or a recovery code. Throws `code_not_valid` for one that is wrong or was used. The account is
 * locked, so of two requests with one code the second sees that it was used.
 */
export async function useCode(ctx: Context, tx: Tx, account: Account, typed: string): Promise<void> {
  if (isTotpCode(typed)) return useTotpCode(ctx, tx, account, typed);
  if (!(await consumeRecoveryCode(tx, account.id, recoveryCodeHash(account.id, typed)))) throw codeNotValid();
  await ctx.mails.factorsChanged(tx, account, 'recovery_code_used');
}

async function useTotpCode(ctx: Context, tx: Tx, account: Account, typed: string): Promise<void> {
  const totp = await totpOf(tx, account.id);
  if (!totp || totp.confirmedAt === null) throw codeNotValid();
  const secret = await decryptTotpSecret(totp.secret, ctx.secrets);
  const step = stepOfCode(secret, typed.replace(/\s/g, ''), { now: ctx.now(), after: totp.lastStep });
  if (step === undefined) throw codeNotValid();
  await useTotpStep(tx, account.id, step);
}

export function codeNotValid(): ProblemError {
  const detail = 'The code is wrong, has expired or was used';
  return new ProblemError('code_not_valid', detail, { errors: [{ field: '/code', message: detail }] });
}

/**
 * Runs what checks a code of an account and counts wrong ones, for all instances; throws `rate_limited` when there were too many. A
 * success begins `clearedWith` anew too.
 */
export async function countWrongCodes<T>(
  ctx: Context,
  accountId: string,
  check: () => Promise<T>,
  clearedWith?: (result: T) => Count[],
): Promise<T> {
  const { limit, windowSeconds } = ctx.codeLimit;
  const attempt = await countAttempt(ctx.pool, codeCounts(accountId, limit, windowSeconds), 'Too many wrong codes');
  let result: T;
  try {
    result = await check();
  } catch (err) {
    const isWrong = err instanceof ProblemError && err.code === 'code_not_valid';
    if (!isWrong) await attempt.withdrawn().catch(() => undefined);
    throw err;
  }
  await attempt.succeeded(clearedWith?.(result));
  return result;
}
