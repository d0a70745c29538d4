import { accountByMailToken } from '../store/mail-tokens.ts';
import { countMail, forgetWrongPasswords } from './attempts.ts';
import { linkNotValid, withProblemErrors } from './better-auth-errors.ts';
import type { Context, Requester } from './context.ts';
import { headersFor } from './session-response.ts';
import { assertStrongPassword } from './sign-up.ts';

/**
 * Requests a mail with a link that sets the password, if there is an account with this address. The look-up and the writes come after
 * the response, which therefore is the same, and takes as long, for every address.
 */
export async function requestPasswordReset(ctx: Context, requester: Requester, email: string): Promise<void> {
  await countMail(ctx, requester, email);
  const headers = headersFor(requester);
  ctx.deferred.start('password-reset', () =>
    // better-auth stores the token; the event of the mail is in the same transaction (`sendResetPassword`).
    ctx.accounts.transaction(() => ctx.betterAuth.api.requestPasswordReset({ body: { email }, headers })),
  );
}

/**
 * Sets the password by the token of such a mail. Token, password, sessions that end and events are one transaction. A password that is
 * refused does not use up the token.
 */
export async function resetPassword(
  ctx: Context,
  requester: Requester,
  { token, newPassword }: { token: string; newPassword: string },
): Promise<void> {
  const account = await accountByMailToken(ctx.pool, 'reset-password', token);
  if (!account) throw linkNotValid();
  assertStrongPassword(newPassword, account, '/newPassword');
  const headers = headersFor(requester);
  await ctx.accounts.transaction(() =>
    withProblemErrors(() => ctx.betterAuth.api.resetPassword({ body: { token, newPassword }, headers })),
  );
  await forgetWrongPasswords(ctx, requester, account.email);
}
