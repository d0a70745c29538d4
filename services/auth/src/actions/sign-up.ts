import { ProblemError } from '@tradepost/contracts/problem-error';
import { signUpCounts } from '../domain/attempts.ts';
import { passwordWeakness } from '../domain/password-policy.ts';
import { countAttempt } from './attempts.ts';
import { withProblemErrors } from './better-auth-errors.ts';
import type { Context, Requester } from './context.ts';
import { noteSignIn } from './known-devices.ts';
import { headersFor, type OpenedSession, sessionResponse } from './session-response.ts';

/**
 * Makes an account with a password, and a session of it, in one transaction. The response says that an address is taken: without
 * confirming addresses by mail there is no way around it that would not mislead an honest user, so the counts by address
 * keep anyone from trying many.
 */
export async function signUp(
  ctx: Context,
  requester: Requester,
  account: { name: string; email: string; password: string },
): Promise<OpenedSession> {
  assertStrongPassword(account.password, account, '/password');
  const counts = signUpCounts(requester.address, ctx.signUpLimit, ctx.signUpWindowSeconds);
  const attempt = await countAttempt(ctx.pool, counts, 'Too many accounts have been made from this address');
  const { name, email, password } = account;
  const { locale } = requester;
  let signedIn: OpenedSession;
  try {
    const headers = headersFor(requester);
    const answer = await withProblemErrors(() =>
      ctx.betterAuth.api.signUpEmail({
        body: { name, email, password, ...(locale && { locale }) },
        headers,
        returnHeaders: true,
      }),
    );
    signedIn = sessionResponse(answer);
  } catch (err) {
    if (!(err instanceof ProblemError && err.code === 'email_taken')) await attempt.withdrawn().catch(() => undefined);
    throw err;
  }
  await noteSignIn(ctx, requester, signedIn.user);
  return signedIn;
}

/** Throws `weak_password`, naming the field. */
export function assertStrongPassword(password: string, account: { email: string; name: string }, field: string): void {
  const weakness = passwordWeakness(password, account);
  if (weakness === undefined) return;
  throw new ProblemError('weak_password', `The password ${weakness}`, { errors: [{ field, message: weakness }] });
}
