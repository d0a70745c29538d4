import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { violatedConstraint } from '@tradepost/postgres/unavailable';
import { setEmail } from '../store/account-changes.ts';
import { accountChanged, accountContactChanged, publishEvents, sessionsRevoked } from '../store/account-events.ts';
import { type Account, accountByEmail, lockAccount } from '../store/accounts.ts';
import { endSessions } from '../store/ended-sessions.ts';
import { consumeMailToken, deleteMailTokens } from '../store/mail-tokens.ts';
import { countMail } from './attempts.ts';
import { authenticate } from './authenticate.ts';
import { linkNotValid } from './better-auth-errors.ts';
import type { Context, Requester } from './context.ts';
import { checkPassword } from './current-password.ts';

/**
 * Requests a mail to a new address, with the link that makes it the account's. Nothing changes before. That another account has the
 * address is not told: no mail is sent then. The look-up comes after the response.
 */
export async function requestEmailChange(
  ctx: Context,
  requester: Requester,
  { newEmail, currentPassword }: { newEmail: string; currentPassword: string },
): Promise<void> {
  const caller = await authenticate(ctx, requester);
  const { account } = caller;
  await checkPassword(ctx, requester, caller, currentPassword);
  if (newEmail === account.email) {
    const errors = [{ field: '/newEmail', message: 'must not be the one that it replaces' }];
    throw new ProblemError('validation_failed', 'One field is not valid', { errors });
  }
  await countMail(ctx, requester, newEmail, account.id);
  ctx.deferred.start('change-email', () =>
    ctx.pool.transaction(async (tx) => {
      if (!(await accountByEmail(tx, newEmail))) await ctx.mails.confirmNewEmail(tx, account, newEmail);
    }),
  );
}

/**
 * Gives the account the address that the mail went to. Its other sessions end, and so do its links in other mails. Of two accounts that
 * want one address, the second is refused with `email_taken`, by the unique index.
 */
export async function confirmNewEmail(ctx: Context, requester: Requester, token: string): Promise<Account> {
  const sessionId = await currentSession(ctx, requester);
  try {
    return await ctx.pool.transaction((tx) => replaceEmail(ctx, tx, token, sessionId));
  } catch (err) {
    if (violatedConstraint(err) !== 'user_account_email_key') throw err;
    const detail = 'Another account has this e-mail address meanwhile';
    throw new ProblemError('email_taken', detail, { cause: err });
  }
}

async function replaceEmail(ctx: Context, tx: Tx, token: string, sessionId: string | undefined): Promise<Account> {
  const wanted = await consumeMailToken(tx, 'confirm-new-email', token);
  const before = wanted && (await lockAccount(tx, wanted.accountId));
  const after = before && (await setEmail(tx, before.id, wanted.email));
  if (!after) throw linkNotValid();
  await deleteMailTokens(tx, after.id);
  const ended = await endSessions(tx, after.id, sessionId);
  await publishEvents(tx, [accountChanged(after), accountContactChanged(after), ...sessionsRevoked(ended)]);
  await ctx.mails.emailChanged(tx, before, after.email);
  return after;
}

/** The session of who follows the link, which stays open; undefined where the link is followed without one. */
async function currentSession(ctx: Context, requester: Requester): Promise<string | undefined> {
  try {
    return (await authenticate(ctx, requester)).session.id;
  } catch (err) {
    if (err instanceof ProblemError && err.code === 'unauthenticated') return undefined;
    throw err;
  }
}
