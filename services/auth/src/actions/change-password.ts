import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { publishEvents, sessionsRevoked } from '../store/account-events.ts';
import type { Account } from '../store/accounts.ts';
import { setPasswordHash } from '../store/credentials.ts';
import { endSessions } from '../store/ended-sessions.ts';
import { deleteMailTokens } from '../store/mail-tokens.ts';
import { authenticate } from './authenticate.ts';
import type { Context, Requester } from './context.ts';
import { checkPassword, lockCaller } from './current-password.ts';
import { openSession } from './open-session.ts';
import type { OpenedSession } from './session-response.ts';
import { assertStrongPassword } from './sign-up.ts';

/**
 * Changes the password of who asks, ends all sessions of the account and its links in mails, and opens a new session. Guesses at the
 * current password count as those at sign-in do. API keys stay: they were not made with the password.
 */
export async function changePassword(
  ctx: Context,
  requester: Requester,
  passwords: { currentPassword: string; newPassword: string },
): Promise<OpenedSession> {
  const caller = await authenticate(ctx, requester);
  const { currentPassword, newPassword } = passwords;
  assertStrongPassword(newPassword, caller.account, '/newPassword');
  if (newPassword === currentPassword) {
    const message = 'must not be the one that it replaces';
    throw new ProblemError('weak_password', `The password ${message}`, {
      errors: [{ field: '/newPassword', message }],
    });
  }
  await checkPassword(ctx, requester, caller, currentPassword);
  const { password: hasher } = await ctx.betterAuth.$context;
  // Before the transaction: it takes long.
  const passwordHash = await hasher.hash(newPassword);
  return ctx.pool.transaction(async (tx) => {
    const account = await lockCaller(tx, caller);
    await replacePassword(ctx, tx, account, passwordHash);
    // The session of the caller was opened with the second factor, if the account has one: so may be the one in its place.
    return openSession(ctx, tx, requester, account);
  });
}

/**
 * Sets the password of an account that is locked, and ends its sessions and links in mails. Sessions are ended after the lock: one that was
 * being opened is seen, and one that comes after it is opened by the new password only (`store/sign-in.ts`).
 */
export async function replacePassword(ctx: Context, tx: Tx, account: Account, passwordHash: string): Promise<void> {
  await setPasswordHash(tx, account.id, passwordHash);
  const ended = await endSessions(tx, account.id);
  await deleteMailTokens(tx, account.id);
  await publishEvents(tx, sessionsRevoked(ended));
  await ctx.mails.passwordChanged(tx, account);
}
