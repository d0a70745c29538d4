import { ProblemError } from '@tradepost/contracts/problem-error';
import { passwordCounts } from '../domain/attempts.ts';
import { clientOf } from '../domain/device.ts';
import { lockAccount } from '../store/accounts.ts';
import { type Challenge, challengeHash, consumeChallenge, issueChallenge } from '../store/challenges.ts';
import { openByCode } from '../store/sign-in.ts';
import type { Attempt } from './attempts.ts';
import type { Context, Requester } from './context.ts';
import { addUnknownDevice, deviceHash, noteSignIn } from './known-devices.ts';
import { newSession, openSession, signedInWith } from './open-session.ts';
import type { SignedIn } from './session-response.ts';
import { type CountedCode, countCode, countCodeOfChallenge, rightCode, useCode } from './verify-code.ts';

const CHALLENGE_SECONDS = 300;

const challengeOf = ({ userAgent, address }: Requester, token: string): Challenge => ({
  ...{ purpose: 'second-factor', client: clientOf(userAgent, address) },
  token,
});

/**
 * The problem that answers a sign-in by the right password of an account with a second factor. It opens no session: it has a challenge,
 * with which this client can show a code, for some minutes and once. The password was right, so its attempt is taken back.
 */
export async function secondFactorRequired(
  ctx: Context,
  requester: Requester,
  accountId: string,
  password?: Pick<Attempt, 'afterWithdrawal'>,
) {
  const { token, expiresAt } = await issueChallenge(
    ctx.pool,
    { ...challengeOf(requester, ''), subject: accountId, seconds: CHALLENGE_SECONDS },
    password?.afterWithdrawal(),
  );
  return new ProblemError('second_factor_required', 'Send a code of the authenticator app, or a recovery code', {
    extra: { challenge: token, expiresAt: expiresAt.toISOString() },
  });
}

/** Finishes a sign-in by a code. A wrong one does not use up the challenge. */
export async function finishSignIn(
  ctx: Context,
  requester: Requester,
  o: { challenge: string; code: string },
): Promise<SignedIn> {
  const challenge = challengeOf(requester, o.challenge);
  const counted = await countCodeOfChallenge(ctx, challengeHash(challenge));
  if (!counted) throw challengeNotValid();
  return openWithCode(ctx, requester, counted, { code: o.code, challenge });
}

/** Finishes a sign-in whose password was right in this request. */
export async function signInWithCode(
  ctx: Context,
  requester: Requester,
  accountId: string,
  shown: { code: string; password: Attempt },
): Promise<SignedIn> {
  return openWithCode(ctx, requester, await countCode(ctx, accountId), shown);
}

/** What is shown: a code, and that the password was right, by a challenge or in the same request. */
type Shown = { code: string } & (
  | { challenge: Challenge; password?: undefined }
  | { challenge?: undefined; password: Attempt }
);

/**
 * Opens the session of an account whose password was right, by a code. Wrong codes count. Challenge, code and session are written
 * together: of several requests with one challenge or one code a single one opens a session.
 */
function openWithCode(ctx: Context, requester: Requester, counted: CountedCode, shown: Shown): Promise<SignedIn> {
  return counted.unlessWrong(
    async () =>
      (await openByApp(ctx, requester, counted, shown)) ?? (await openByAnyCode(ctx, requester, counted, shown)),
  );
}

/** One statement, for a code of the app, as almost all are. Undefined: nothing was written, and `openByAnyCode` finds out why. */
async function openByApp(
  ctx: Context,
  requester: Requester,
  { account, totp, attempt }: CountedCode,
  { code, challenge, password }: Shown,
): Promise<SignedIn | undefined> {
  const right = totp && (await rightCode(ctx, totp, code));
  if (!account || !right) return undefined;
  const { token, session } = newSession(ctx, requester, account.id);
  const { keys, cleared } = attempt.afterSuccess(passwordCounts(account.email, requester.address, ctx.passwordLimits));
  const opened = await openByCode(
    ctx.pool,
    {
      session,
      // A password in the same request was counted, and its attempts that a success does not begin anew are taken back.
      attempts: { keys: [...keys, ...(password?.afterSuccess().keys ?? [])], cleared },
      device: deviceHash(requester, account.id),
    },
    { ...right, challengeHash: challenge && challengeHash(challenge) },
  );
  if (!opened) return undefined;
  if (!opened.isKnownDevice) await addUnknownDevice(ctx, requester, account);
  return signedInWith(ctx, token, account);
}

/** The same in a transaction, for a recovery code, and for what has changed since the account was read. */
async function openByAnyCode(
  ctx: Context,
  requester: Requester,
  { accountId, attempt }: CountedCode,
  { code, challenge, password }: Shown,
): Promise<SignedIn> {
  const signedIn = await ctx.pool.transaction(async (tx) => {
    const account = await lockAccount(tx, accountId);
    const isGood = challenge === undefined || (await consumeChallenge(tx, challenge)) !== undefined;
    if (!account || !isGood) throw challengeNotValid();
    // An operator may have removed the second factor meanwhile: the password, which was right, is enough then.
    if (account.secondFactor) await useCode(ctx, tx, account, code);
    return openSession(ctx, tx, requester, account);
  });
  await attempt.succeeded(passwordCounts(signedIn.user.email, requester.address, ctx.passwordLimits));
  await password?.succeeded();
  await noteSignIn(ctx, requester, signedIn.user);
  return signedIn;
}

export function challengeNotValid(): ProblemError {
  return new ProblemError('challenge_not_valid', 'This took too long, or was completed already: sign in again');
}
