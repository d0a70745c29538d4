import type { Tx } from '@tradepost/postgres/db';
import { setEmailVerified } from '../store/account-changes.ts';
import { accountChanged, accountContactChanged, publishEvents } from '../store/account-events.ts';
import { lockAccount } from '../store/accounts.ts';
import { accountByMailToken, consumeResetToken } from '../store/mail-tokens.ts';
import { countMail, forgetWrongPasswords } from './attempts.ts';
import { linkNotValid } from './better-auth-errors.ts';
import { replacePassword } from './change-password.ts';
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
  const { password: hasher } = await ctx.betterAuth.$context;
  // Before the transaction: it takes long.
  const passwordHash = await hasher.hash(newPassword);
  await ctx.pool.transaction((tx) => setByToken(ctx, tx, { accountId: account.id, token, passwordHash }));
  await forgetWrongPasswords(ctx, requester, account.email);
}

/** The account first, as everybody locks who changes its factors. The mail with the token has arrived: the address is verified. */
async function setByToken(
  ctx: Context,
  tx: Tx,
  { accountId, token, passwordHash }: { accountId: string; token: string; passwordHash: string },
): Promise<void> {
  const account = await lockAccount(tx, accountId);
  if (!account || !(await consumeResetToken(tx, accountId, token))) throw linkNotValid();
  const verified = await setEmailVerified(tx, accountId);
  if (verified) await publishEvents(tx, [accountChanged(verified), accountContactChanged(verified)]);
  await replacePassword(ctx, tx, verified ?? account, passwordHash);
}
