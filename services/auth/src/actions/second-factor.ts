import { randomBytes } from 'node:crypto';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { RECOVERY_CODE_BYTES, recoveryCodeOf } from '../domain/recovery-codes.ts';
import { accountChanged, publishEvents, sessionsRevoked } from '../store/account-events.ts';
import { type Account, lockAccount } from '../store/accounts.ts';
import { endSessions } from '../store/ended-sessions.ts';
import { deletePasskeys } from '../store/passkeys.ts';
import {
  confirmTotp,
  countRecoveryCodes,
  removeTotp,
  replaceRecoveryCodes,
  replaceTotpSecret,
  savePendingTotp,
  totpOf,
  totpUnderOtherKeys,
} from '../store/second-factors.ts';
import { lockStaff } from '../store/staff-roles.ts';
import { authenticate } from './authenticate.ts';
import type { Context, Requester } from './context.ts';
import { checkPassword, lockCaller } from './current-password.ts';
import { assertHoldsAllOf, assertNotOneself, requireOperator } from './operators.ts';
import { lacksSecondFactor } from './staff.ts';
import { decryptTotpSecret, encryptTotpSecret, newTotpSecret, otpauthUri, secretKeyName, stepOfCode } from './totp.ts';
import { codeNotValid, countWrongCodes, recoveryCodeHash, useCode } from './verify-code.ts';

const RECOVERY_CODES = 10;

/** These are for accounts too that must set up a second factor first. */
const duringSetup = { accessToken: false, beforeSetup: true };

export type SecondFactorState = {
  enabled: boolean;
  enabledAt: Date | null;
  recoveryCodesLeft: number;
  /** The account may do nothing else before it has one. */
  required: boolean;
};

export async function secondFactorState(ctx: Context, requester: Requester): Promise<SecondFactorState> {
  const { account } = await authenticate(ctx, requester, duringSetup);
  const required = lacksSecondFactor(ctx, account);
  if (!account.secondFactor) return { enabled: false, enabledAt: null, recoveryCodesLeft: 0, required };
  const [totp, recoveryCodesLeft] = await Promise.all([
    totpOf(ctx.pool, account.id),
    countRecoveryCodes(ctx.pool, account.id),
  ]);
  return { enabled: true, enabledAt: totp?.confirmedAt ?? null, recoveryCodesLeft, required };
}

/** Makes a secret for an authenticator app. Nothing asks for its codes before `confirmSetup`. */
export async function beginSetup(
  ctx: Context,
  requester: Requester,
  currentPassword: string,
): Promise<{ secret: string; otpauthUri: string }> {
  const caller = await authenticate(ctx, requester, duringSetup);
  await checkPassword(ctx, requester, caller, currentPassword);
  const { id, email } = caller.account;
  const secret = newTotpSecret();
  const encrypted = await encryptTotpSecret(secret, ctx.secrets[0]);
  const saved = await ctx.pool.transaction(async (tx) => {
    await lockCaller(tx, caller);
    return savePendingTotp(tx, id, encrypted);
  });
  if (!saved) throw alreadyOn();
  return { secret, otpauthUri: otpauthUri(secret, { issuer: ctx.relyingParty.name, email }) };
}

/**
 * Turns the second factor on, by a first code of the app, and gives the recovery codes. Ends the account's other sessions: they were
 * opened without it.
 */
export async function confirmSetup(ctx: Context, requester: Requester, code: string): Promise<string[]> {
  const caller = await authenticate(ctx, requester, duringSetup);
  const { account, session } = caller;
  return countWrongCodes(ctx, account.id, () =>
    ctx.pool.transaction(async (tx) => {
      await lockCaller(tx, caller);
      const totp = await totpOf(tx, account.id);
      if (!totp) throw new ProblemError('conflict', 'Begin to set up an authenticator app first');
      if (totp.confirmedAt !== null) throw alreadyOn();
      const secret = await decryptTotpSecret(totp.secret, ctx.secrets);
      const step = stepOfCode(secret, code.replace(/\s/g, ''), { now: ctx.now(), after: totp.lastStep });
      if (step === undefined) throw codeNotValid();
      await confirmTotp(tx, account.id, step);
      const codes = await issueRecoveryCodes(tx, account.id);
      const ended = await endSessions(tx, account.id, session.id);
      await publishEvents(tx, [accountChanged(account), ...sessionsRevoked(ended)]);
      await ctx.mails.factorsChanged(tx, account, 'second_factor_on');
      return codes;
    }),
  );
}

/** Turns the second factor off. The recovery codes end with it; passkeys stay. */
export async function turnOff(
  ctx: Context,
  requester: Requester,
  o: { currentPassword: string; code: string },
): Promise<void> {
  await changeWithCode(ctx, requester, o, async (tx, account) => {
    await removeTotp(tx, account.id);
    await publishEvents(tx, [accountChanged(account)]);
    await ctx.mails.factorsChanged(tx, account, 'second_factor_off');
  });
}

/** New recovery codes in place of those that there are. */
export function renewRecoveryCodes(
  ctx: Context,
  requester: Requester,
  o: { currentPassword: string; code: string },
): Promise<string[]> {
  return changeWithCode(ctx, requester, o, (tx, account) => issueRecoveryCodes(tx, account.id));
}

/**
 * An operator removes authenticator app, recovery codes and passkeys of an account whose owner has lost them. A repetition changes
 * nothing and sends no mail.
 */
export async function removeFactors(ctx: Context, operatorId: string, id: string): Promise<void> {
  assertNotOneself(operatorId, id);
  await ctx.pool.transaction(async (tx) => {
    await lockStaff(tx);
    const operator = await requireOperator(ctx, tx, operatorId, 'accounts:write');
    const account = await lockAccount(tx, id);
    if (!account) throw new ProblemError('not_found', 'There is no such account');
    assertHoldsAllOf(operator, account);
    const hadTotp = await removeTotp(tx, id);
    const passkeys = await deletePasskeys(tx, id);
    if (!hadTotp && passkeys === 0) return;
    await publishEvents(tx, [accountChanged(account)]);
    await ctx.mails.factorsChanged(tx, account, 'second_factor_removed');
  });
}

const BATCH = 200;

/** Encrypts secrets anew that an earlier AUTH_SECRET encrypts. Returns how many; none once that is done. */
export async function reencryptTotpSecrets(ctx: Pick<Context, 'pool' | 'secrets'>): Promise<number> {
  const [current] = ctx.secrets;
  return ctx.pool.transaction(async (tx) => {
    const found = await totpUnderOtherKeys(tx, secretKeyName(current), BATCH);
    for (const { accountId, secret } of found) {
      const plain = await decryptTotpSecret(secret, ctx.secrets);
      await replaceTotpSecret(tx, accountId, await encryptTotpSecret(plain, current));
    }
    return found.length;
  });
}

/** Checks password and code, uses the code up and makes the change, in one transaction. */
async function changeWithCode<T>(
  ctx: Context,
  requester: Requester,
  { currentPassword, code }: { currentPassword: string; code: string },
  change: (tx: Tx, account: Account) => Promise<T>,
): Promise<T> {
  const caller = await authenticate(ctx, requester);
  const { id } = caller.account;
  await checkPassword(ctx, requester, caller, currentPassword);
  return countWrongCodes(ctx, id, () =>
    ctx.pool.transaction(async (tx) => {
      const account = await lockCaller(tx, caller);
      if (!account.secondFactor) throw new ProblemError('conflict', 'The account has no second factor');
      await useCode(ctx, tx, account, code);
      return change(tx, account);
    }),
  );
}

async function issueRecoveryCodes(tx: Tx, accountId: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCodeOf(randomBytes(RECOVERY_CODE_BYTES)));
  await replaceRecoveryCodes(
    tx,
    accountId,
    codes.map((code) => recoveryCodeHash(accountId, code)),
  );
  return codes;
}

function alreadyOn(): ProblemError {
  return new ProblemError('conflict', 'The account has an authenticator app: turn it off first');
}
