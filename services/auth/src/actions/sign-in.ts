import { ProblemError } from '@tradepost/contracts/problem-error';
import { passwordCounts } from '../domain/attempts.ts';
import { countAttempt } from './attempts.ts';
import { accountOfSecondStep, withProblemErrors } from './better-auth-errors.ts';
import type { Context, Requester } from './context.ts';
import { noteSignIn } from './known-devices.ts';
import { secondFactorRequired } from './second-step.ts';
import { headersFor, type SignedIn, sessionResponse } from './session-response.ts';

/**
 * Opens a session by e-mail address and password. An address that is not known costs as much as a wrong password. Throws
 * `second_factor_required`, with a challenge, where the account has a second factor.
 */
export async function signIn(
  ctx: Context,
  requester: Requester,
  credentials: { email: string; password: string },
): Promise<SignedIn> {
  const { email, password } = credentials;
  const headers = headersFor(requester);
  let signedIn: SignedIn;
  try {
    signedIn = await countWrongPasswords(ctx, requester, email.toLowerCase(), async () =>
      sessionResponse(
        await withProblemErrors(() =>
          ctx.betterAuth.api.signInEmail({ body: { email, password }, headers, returnHeaders: true }),
        ),
      ),
    );
  } catch (err) {
    const accountId = accountOfSecondStep(err);
    throw accountId === undefined ? err : await secondFactorRequired(ctx, requester, accountId);
  }
  await noteSignIn(ctx, requester, signedIn.user);
  return signedIn;
}

/** Runs a password check and counts wrong passwords; throws `rate_limited` when there were too many. */
export async function countWrongPasswords<T>(
  ctx: Context,
  requester: Requester,
  email: string,
  check: () => Promise<T>,
): Promise<T> {
  const counts = passwordCounts(email, requester.address, ctx.passwordLimits);
  const attempt = await countAttempt(ctx.pool, counts, 'Too many wrong passwords');
  let result: T;
  try {
    result = await check();
  } catch (err) {
    if (!isWrongPassword(err)) await attempt.withdrawn().catch(() => undefined);
    throw err;
  }
  await attempt.succeeded();
  return result;
}

function isWrongPassword(err: unknown): boolean {
  return err instanceof ProblemError && err.code === 'invalid_credentials';
}
