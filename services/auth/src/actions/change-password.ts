import { ProblemError } from '@tradepost/contracts/problem-error';
import { signedValue } from '../domain/cookies.ts';
import { authenticate } from './authenticate.ts';
import { withProblemErrors } from './better-auth-errors.ts';
import type { Context, Requester } from './context.ts';
import { headersFor, type SignedIn, sessionResponse } from './session-response.ts';
import { countWrongPasswords } from './sign-in.ts';
import { assertStrongPassword } from './sign-up.ts';

/**
 * Changes the password of who asks, ends all sessions of the account, and opens a new one. Guesses at the current
 * password count as those at sign-in do. API keys stay: they were not made with the password.
 */
export async function changePassword(
  ctx: Context,
  requester: Requester,
  passwords: { currentPassword: string; newPassword: string },
): Promise<SignedIn> {
  const { account, token } = await authenticate(ctx, requester);
  const { currentPassword, newPassword } = passwords;
  assertStrongPassword(newPassword, account, '/newPassword');
  if (newPassword === currentPassword) {
    const message = 'must not be the one that it replaces';
    throw new ProblemError('weak_password', `The password ${message}`, {
      errors: [{ field: '/newPassword', message }],
    });
  }
  const cookie = `${ctx.cookie.name}=${signedValue(token ?? '', ctx.secrets[0])}`;
  const body = { currentPassword, newPassword, revokeOtherSessions: true };
  const answer = await countWrongPasswords(ctx, requester, account.email, () =>
    withProblemErrors(() =>
      ctx.betterAuth.api.changePassword({ body, headers: headersFor(requester, { cookie }), returnHeaders: true }),
    ),
  ).catch(async (err: unknown) => {
    // better-auth reports an unavailable database as a session that has ended. This tells them apart.
    if (err instanceof ProblemError && err.code === 'unauthenticated') {
      await authenticate(ctx, requester);
      throw new ProblemError('unavailable', 'Please try again shortly', { cause: err });
    }
    throw err;
  });
  return sessionResponse({ headers: answer.headers, response: { token: answer.response.token, user: account } });
}
