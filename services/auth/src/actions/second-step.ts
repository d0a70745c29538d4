import { ProblemError } from '@tradepost/contracts/problem-error';
import { type Count, passwordCounts } from '../domain/attempts.ts';
import { clientOf } from '../domain/device.ts';
import { type PendingSignIn, passwordMark, readPendingSignIn, signPendingSignIn } from '../domain/pending-sign-in.ts';
import { type Account, lockAccount } from '../store/accounts.ts';
import { totpOf } from '../store/second-factors.ts';
import { type FirstFactor, lockFirstFactor, openByCode } from '../store/sign-in.ts';
import type { Attempt } from './attempts.ts';
import type { Context, Requester } from './context.ts';
import { addUnknownDevice, deviceHash, noteSignIn } from './known-devices.ts';
import { isBanned } from './manage-accounts.ts';
import { newSession, openSession, signedInWith, suspended, wrongCredentials } from './open-session.ts';
import type { OpenedSession } from './session-response.ts';
import { type CountedCode, countCode, rightCode, useCode } from './verify-code.ts';

const PENDING_SECONDS = 300;

const clientOfRequest = ({ userAgent, address }: Requester): string => clientOf(userAgent, address);

/**
 * The problem that answers a sign-in whose first factor was right, of an account with a second one. It opens no session: it has a challenge,
 * with which this client can show a code, for some minutes and once (`domain/pending-sign-in.ts`). Nothing is stored.
 */
export function secondFactorRequired(
  ctx: Pick<Context, 'secrets' | 'now'>,
  requester: Requester,
  { accountId, factor, codeUses }: { accountId: string; factor: FirstFactor; codeUses: number },
): ProblemError {
  const expiresAt = new Date(ctx.now().getTime() + PENDING_SECONDS * 1000);
  const firstFactor =
    factor.kind === 'password' ? ({ kind: 'password', hash: passwordMark(factor.passwordHash) } as const) : factor;
  const pending = { accountId, firstFactor, codeUses, expiresAt };
  return new ProblemError('second_factor_required', 'Send a code of the authenticator app, or a recovery code', {
    extra: {
      challenge: signPendingSignIn(pending, clientOfRequest(requester), ctx.secrets[0]),
      expiresAt: expiresAt.toISOString(),
    },
  });
}

/** Finishes a sign-in by a code. A wrong one does not use up the challenge. */
export async function finishSignIn(
  ctx: Context,
  requester: Requester,
  o: { challenge: string; code: string },
): Promise<OpenedSession> {
  const { secrets } = ctx;
  const pending = readPendingSignIn(o.challenge, clientOfRequest(requester), { secrets, now: ctx.now() });
  // Before anything is counted: whoever has no challenge of ours cannot use up the attempts of an account.
  if (!pending) throw challengeNotValid();
  const counted = await countCode(ctx, pending.accountId);
  const factor = factorOf(pending, counted.passwordHash);
  return openWithCode(ctx, requester, counted, { code: o.code, factor, codeUses: pending.codeUses });
}

/** Undefined: the password is another one by now. */
function factorOf({ firstFactor }: PendingSignIn, passwordHash: string | null): FirstFactor | undefined {
  if (firstFactor.kind === 'identity') return firstFactor;
  if (passwordHash === null || passwordMark(passwordHash) !== firstFactor.hash) return undefined;
  return { kind: 'password', passwordHash };
}

/** Finishes a sign-in whose password was right in this request. */
export async function signInWithCode(
  ctx: Context,
  requester: Requester,
  accountId: string,
  { code, password, passwordHash }: { code: string; password: Attempt; passwordHash: string },
): Promise<OpenedSession> {
  const factor = { kind: 'password', passwordHash } as const;
  return openWithCode(ctx, requester, await countCode(ctx, accountId), { code, factor, password });
}

/** What is submitted: a code, and what was right before it, in the same request (`password`) or in one before. */
type SubmittedCode = { code: string; factor: FirstFactor | undefined } & (
  | { codeUses: number; password?: undefined }
  | { codeUses?: undefined; password: Attempt }
);

/**
 * Opens the session of an account whose first factor was right, by a code. Wrong codes count. First factor, code and session are looked at
 * and written together: of several requests with one challenge or one code a single one opens a session.
 */
function openWithCode(
  ctx: Context,
  requester: Requester,
  counted: CountedCode,
  submitted: SubmittedCode,
): Promise<OpenedSession> {
  return counted.unlessWrong(
    async () =>
      (await openByApp(ctx, requester, counted, submitted)) ??
      (await openByAnyCode(ctx, requester, counted, submitted)),
  );
}

/** One statement, for a code of the app, as almost all are. Undefined: nothing was written, and `openByAnyCode` finds out why. */
async function openByApp(
  ctx: Context,
  requester: Requester,
  { account, totp, attempt }: CountedCode,
  { code, factor, codeUses }: SubmittedCode,
): Promise<OpenedSession | undefined> {
  const right = totp && (await rightCode(ctx, totp, code));
  if (!account || !right || !factor) return undefined;
  const { token, session } = newSession(ctx, requester, account.id);
  const attempts = attempt.afterSuccess(countedBefore(ctx, requester, account, factor));
  const opened = await openByCode(ctx.pool, { session, attempts, device: deviceHash(requester, account.id) }, factor, {
    ...right,
    uses: codeUses,
  });
  if (!opened) return undefined;
  if (!opened.isKnownDevice) await addUnknownDevice(ctx, requester, account);
  return signedInWith(ctx, token, account);
}

/** The same in a transaction, for a recovery code, and for what has changed since the account was read. */
async function openByAnyCode(
  ctx: Context,
  requester: Requester,
  { accountId, attempt }: CountedCode,
  { code, factor, codeUses, password }: SubmittedCode,
): Promise<OpenedSession> {
  const { account: owner, ...signedIn } = await ctx.pool.transaction(async (tx) => {
    const account = await lockAccount(tx, accountId);
    if (account && isBanned(account, ctx.now())) throw suspended();
    if (!account || !factor || !(await lockFirstFactor(tx, accountId, factor))) throw firstFactorNotValid(password);
    // An operator may have removed the second factor meanwhile: the password, which was right in this request, is enough then. A challenge
    // is not, since only the use of a code makes it useless.
    const totp = await totpOf(tx, accountId);
    if (account.secondFactor) await useCode(ctx, tx, account, code);
    if (codeUses !== undefined && !(account.secondFactor && totp?.uses === codeUses)) throw challengeNotValid();
    return { ...(await openSession(ctx, tx, requester, account)), account };
  });
  await attempt.succeeded(countedBefore(ctx, requester, owner, factor));
  await noteSignIn(ctx, requester, owner);
  return signedIn;
}

/** A password was counted, in this request or the one before: its attempt is taken back. After a provider there was none. */
function countedBefore(
  ctx: Context,
  requester: Requester,
  { email }: Account,
  factor: FirstFactor | undefined,
): Count[] {
  const counts = passwordCounts(email, requester.address, ctx.passwordLimits);
  return counts.filter(({ clearedBySuccess }) => clearedBySuccess || factor?.kind === 'password');
}

/** With the password in the same request the answer is that to a wrong password. */
function firstFactorNotValid(password: Attempt | undefined): ProblemError {
  return password === undefined ? challengeNotValid() : wrongCredentials();
}

export function challengeNotValid(): ProblemError {
  return new ProblemError('challenge_not_valid', 'This took too long, or was completed already: sign in again');
}
