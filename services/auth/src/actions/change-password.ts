import { ProblemError } from '@tradepost/contracts/problem-error';
import { deleteMailTokens } from '../store/mail-tokens.ts';
import { authenticate } from './authenticate.ts';
import { callWithPassword } from './call-with-password.ts';
import type { Context, Requester } from './context.ts';
import { type SignedIn, sessionResponse } from './session-response.ts';
import { assertStrongPassword } from './sign-up.ts';

/**
 * Changes the password of who asks, ends all sessions of the account and its links in mails, and opens a new session. Guesses at the
 * current password count as those at sign-in do. API keys stay: they were not made with the password.
 */
export async function changePassword(
  ctx: Context,
  requester: Requester,
  passwords: { currentPassword: string; newPassword: string },
): Promise<SignedIn> {
  const caller = await authenticate(ctx, requester);
  const { account } = caller;
  const { currentPassword, newPassword } = passwords;
  assertStrongPassword(newPassword, account, '/newPassword');
  if (newPassword === currentPassword) {
    const message = 'must not be the one that it replaces';
    throw new ProblemError('weak_password', `The password ${message}`, {
      errors: [{ field: '/newPassword', message }],
    });
  }
  const body = { currentPassword, newPassword, revokeOtherSessions: true };
  const change = async (headers: Headers) => {
    const changed = await ctx.betterAuth.api.changePassword({ body, headers, returnHeaders: true });
    await ctx.accounts.write(async (tx) => {
      await deleteMailTokens(tx, account.id);
      await ctx.mails.passwordChanged(tx, account);
    });
    return changed;
  };
  // The session of the caller was opened with the second factor, if the account has one: so may be the one in its place.
  const answer = await callWithPassword(ctx, requester, caller, (headers) =>
    ctx.accounts.transaction(() => change(headers), { secondFactorShown: true }),
  );
  return sessionResponse({ headers: answer.headers, response: { token: answer.response.token, user: account } });
}
