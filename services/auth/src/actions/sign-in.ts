import { ProblemError } from '@tradepost/contracts/problem-error';
import { passwordCounts } from '../domain/attempts.ts';
import { accountById } from '../store/accounts.ts';
import { type Candidate, countPasswordAttempt, openByPassword } from '../store/sign-in.ts';
import { type Attempt, countAttempt, planAttempt } from './attempts.ts';
import type { Context, Requester } from './context.ts';
import { addUnknownDevice, deviceHash } from './known-devices.ts';
import { newSession, signedInWith } from './open-session.ts';
import { secondFactorRequired, signInWithCode } from './second-step.ts';
import type { SignedIn } from './session-response.ts';

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
): Promise<SignedIn> {
  const email = o.email.toLowerCase();
  const planned = planAttempt(ctx.pool, passwordCounts(email, requester.address, ctx.passwordLimits), TOO_MANY);
  const { counted, candidate } = await countPasswordAttempt(ctx.pool, email, planned.wanted);
  const attempt = planned.begin(counted);
  const { account } = await withdrawnUnlessWrong(attempt, () => requireRightPassword(ctx, candidate, o.password));
  if (account.secondFactor) return withSecondFactor(ctx, requester, account.id, { code: o.code, attempt });
  const { token, session } = newSession(ctx, requester, account.id);
  const device = deviceHash(requester, account.id);
  const opening = { session, attempts: attempt.afterSuccess(), device };
  const opened = await withdrawnUnlessWrong(attempt, () => openByPassword(ctx.pool, opening));
  if (!opened) return notOpened(ctx, requester, account.id, attempt);
  if (!opened.isKnownDevice) await addUnknownDevice(ctx, requester, account);
  return signedInWith(ctx, token, account);
}

/** Throws `invalid_credentials`, after the same work for an account, for an account without a password, and for none. */
async function requireRightPassword(
  ctx: Context,
  candidate: Candidate | undefined,
  password: string,
): Promise<Candidate> {
  const { password: hasher } = await ctx.betterAuth.$context;
  if (candidate?.passwordHash == null) await hasher.hash(password);
  else if (await hasher.verify({ hash: candidate.passwordHash, password })) return candidate;
  throw new ProblemError('invalid_credentials', 'The e-mail address or the password is wrong');
}

/** The password was right, so it does not count as a guess, whatever comes of the code. */
async function withSecondFactor(
  ctx: Context,
  requester: Requester,
  accountId: string,
  { code, attempt }: { code: string | undefined; attempt: Attempt },
): Promise<SignedIn> {
  if (code === undefined) throw await secondFactorRequired(ctx, requester, accountId, attempt);
  return withdrawnUnlessWrong(attempt, () => signInWithCode(ctx, requester, accountId, { code, password: attempt }));
}

/** The account was suspended, or has got a second factor, since it was read. */
async function notOpened(ctx: Context, requester: Requester, accountId: string, attempt: Attempt): Promise<never> {
  const account = await accountById(ctx.pool, accountId);
  if (account?.secondFactor) throw await secondFactorRequired(ctx, requester, accountId, attempt);
  await attempt.withdrawn();
  throw new ProblemError('account_suspended', 'This account has been suspended');
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
