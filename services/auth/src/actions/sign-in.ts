import { ProblemError } from '@tradepost/contracts/problem-error';
import { passwordCounts } from '../domain/attempts.ts';
import { accountById } from '../store/accounts.ts';
import { passwordHashOf } from '../store/credentials.ts';
import { type Candidate, countPasswordAttempt, openByPassword } from '../store/sign-in.ts';
import { type Attempt, countAttempt, planAttempt } from './attempts.ts';
import type { Context, Requester } from './context.ts';
import { addUnknownDevice, deviceHash } from './known-devices.ts';
import { isBanned } from './manage-accounts.ts';
import { newSession, signedInWith, suspended, wrongCredentials } from './open-session.ts';
import { secondFactorRequired, signInWithCode } from './second-step.ts';
import type { OpenedSession } from './session-response.ts';

const TOO_MANY = 'Too many wrong passwords';

/**
 * Opens a session by e-mail address and password. An address that is not known costs as much as a wrong password. Where the account has a
 * second factor, a `code` is looked at when the password is right, and never before; without one throws `second_factor_required`, with a
 * challenge.
 */
export async function signIn(
  ctx: Context,
  requester: Requester,
  o: { email: string; password: string; code?: string | undefined },
): Promise<OpenedSession> {
  const email = o.email.toLowerCase();
  const planned = planAttempt(ctx.pool, passwordCounts(email, requester.address, ctx.passwordLimits), TOO_MANY);
  const { counted, candidate } = await countPasswordAttempt(ctx.pool, email, planned.wanted);
  const attempt = planned.begin(counted);
  const { account, ...right } = await withdrawnUnlessWrong(attempt, () =>
    requireRightPassword(ctx, candidate, o.password),
  );
  if (account.secondFactor) return withSecondFactor(ctx, requester, account.id, { ...right, code: o.code, attempt });
  const { token, session } = newSession(ctx, requester, account.id);
  const device = deviceHash(requester, account.id);
  const opening = { session, attempts: attempt.afterSuccess(), device };
  const opened = await withdrawnUnlessWrong(attempt, () => openByPassword(ctx.pool, opening, right.passwordHash));
  if (!opened) return notOpened(ctx, requester, account.id, { ...right, attempt });
  if (!opened.isKnownDevice) await addUnknownDevice(ctx, requester, account);
  return signedInWith(ctx, token, account);
}

/** Throws `invalid_credentials`, after the same work for an account, for an account without a password, and for none. */
async function requireRightPassword(
  ctx: Context,
  candidate: Candidate | undefined,
  password: string,
): Promise<Candidate & { passwordHash: string }> {
  const { password: hasher } = await ctx.betterAuth.$context;
  const hash = candidate?.passwordHash;
  if (!candidate || hash == null) await hasher.hash(password);
  else if (await hasher.verify({ hash, password })) return { ...candidate, passwordHash: hash };
  throw wrongCredentials();
}

/** A password that was right, by the hash that it was compared with, and what was read of the account then. */
type VerifiedPassword = { passwordHash: string; codeUses: number; attempt: Attempt };

/**
 * The password was right, so with a code in the same request it does not count as a guess, whatever comes of the code. Without one its
 * attempt is taken back with the session, by the second request.
 */
async function withSecondFactor(
  ctx: Context,
  requester: Requester,
  accountId: string,
  { code, passwordHash, codeUses, attempt }: VerifiedPassword & { code: string | undefined },
): Promise<OpenedSession> {
  if (code === undefined) {
    throw secondFactorRequired(ctx, requester, { accountId, codeUses, factor: { kind: 'password', passwordHash } });
  }
  return withdrawnUnlessWrong(attempt, () =>
    signInWithCode(ctx, requester, accountId, { code, password: attempt, passwordHash }),
  );
}

/**
 * The account was suspended or erased, or has got another password or a second factor, since it was read. Another password is answered as a
 * wrong one, and counts.
 */
async function notOpened(
  ctx: Context,
  requester: Requester,
  accountId: string,
  { passwordHash, codeUses, attempt }: VerifiedPassword,
): Promise<never> {
  const account = await accountById(ctx.pool, accountId);
  if (account && isBanned(account, ctx.now())) {
    await attempt.withdrawn();
    throw suspended();
  }
  if (!account?.secondFactor || (await passwordHashOf(ctx.pool, accountId)) !== passwordHash) throw wrongCredentials();
  throw secondFactorRequired(ctx, requester, { accountId, codeUses, factor: { kind: 'password', passwordHash } });
}

/** Runs a password check and counts wrong passwords; throws `rate_limited` when there were too many. */
export async function countWrongPasswords<T>(
  ctx: Context,
  requester: Requester,
  email: string,
  check: () => Promise<T>,
): Promise<T> {
  const counts = passwordCounts(email, requester.address, ctx.passwordLimits);
  const attempt = await countAttempt(ctx.pool, counts, TOO_MANY);
  const result = await withdrawnUnlessWrong(attempt, check);
  await attempt.succeeded();
  return result;
}

/** Takes the attempt back where the check fails for another reason than a wrong password. */
async function withdrawnUnlessWrong<T>(attempt: Attempt, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (err) {
    const isWrong = err instanceof ProblemError && err.code === 'invalid_credentials';
    if (!isWrong) await attempt.withdrawn().catch(() => undefined);
    throw err;
  }
}
