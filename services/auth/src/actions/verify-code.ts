import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { codeCounts } from '../domain/attempts.ts';
import { isTotpCode, plainRecoveryCode } from '../domain/recovery-codes.ts';
import type { Account } from '../store/accounts.ts';
import { consumeRecoveryCode, type Totp, totpOf, useTotpStep } from '../store/second-factors.ts';
import { type CountedCodeRow, countCodeAttempt } from '../store/sign-in.ts';
import { tokenHash } from '../store/token-hash.ts';
import { type Attempt, type PlannedAttempt, planAttempt } from './attempts.ts';
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
  const right = totp && (await rightCode(ctx, totp, typed));
  if (!right) throw codeNotValid();
  await useTotpStep(tx, account.id, right.step);
}

/** The step of a code of the app, and by which secret it is right; undefined if it is wrong or was used. */
export async function rightCode(
  ctx: Pick<Context, 'secrets' | 'now'>,
  { secret, confirmedAt, lastStep }: Totp,
  typed: string,
): Promise<{ secret: string; step: number } | undefined> {
  if (confirmedAt === null || !isTotpCode(typed)) return undefined;
  const plain = await decryptTotpSecret(secret, ctx.secrets);
  const step = stepOfCode(plain, typed.replace(/\s/g, ''), { now: ctx.now(), after: lastStep });
  return step === undefined ? undefined : { secret, step };
}

export function codeNotValid(): ProblemError {
  const detail = 'The code is wrong, has expired or was used';
  return new ProblemError('code_not_valid', detail, { errors: [{ field: '/code', message: detail }] });
}

/** An attempt at a code that has been counted, with what was read in the same statement, without a lock. */
export type CountedCode = {
  accountId: string;
  account: Account | undefined;
  totp: Totp | undefined;
  passwordHash: string | null;
  attempt: Attempt;
  /** Runs what checks the code. The attempt does not count where that fails for another reason than a wrong code. */
  unlessWrong<T>(check: () => Promise<T>): Promise<T>;
};

/** Counts an attempt at a code of an account, for all instances; throws `rate_limited` when there were too many wrong ones. */
export async function countCode(ctx: Context, accountId: string): Promise<CountedCode> {
  const { wanted } = planCode(ctx, accountId);
  return beginCode(ctx, await countCodeAttempt(ctx.pool, accountId, wanted));
}

function planCode(ctx: Context, accountId: string): PlannedAttempt {
  const { limit, windowSeconds } = ctx.codeLimit;
  return planAttempt(ctx.pool, codeCounts(accountId, limit, windowSeconds), 'Too many wrong codes');
}

function beginCode(ctx: Context, { counted, ...read }: CountedCodeRow): CountedCode {
  const attempt = planCode(ctx, read.accountId).begin(counted);
  return {
    ...{ ...read, attempt },
    async unlessWrong(check) {
      try {
        return await check();
      } catch (err) {
        const isWrong = err instanceof ProblemError && err.code === 'code_not_valid';
        if (!isWrong) await attempt.withdrawn().catch(() => undefined);
        throw err;
      }
    },
  };
}

/** Runs what checks a code of an account, and counts wrong ones. */
export async function countWrongCodes<T>(ctx: Context, accountId: string, check: () => Promise<T>): Promise<T> {
  const { attempt, unlessWrong } = await countCode(ctx, accountId);
  const result = await unlessWrong(check);
  await attempt.succeeded();
  return result;
}
