import { ProblemError } from '@tradepost/contracts/problem-error';
import { setEmailVerified } from '../store/account-changes.ts';
import { accountChanged, accountContactChanged, publishEvents } from '../store/account-events.ts';
import { type Account, lockAccount } from '../store/accounts.ts';
import { consumeMailToken } from '../store/mail-tokens.ts';
import { countMail } from './attempts.ts';
import { authenticate } from './authenticate.ts';
import { linkNotValid } from './better-auth-errors.ts';
import type { Context, Requester } from './context.ts';

/**
 * better-auth's own links are signed tokens that are stored nowhere: they can be used again until they expire, and nothing makes them
 * useless. These are rows of `verification`, as those for passwords.
 */

/** Requests another mail that verifies the caller's address. */
export async function sendVerificationEmail(ctx: Context, requester: Requester): Promise<void> {
  const { account } = await authenticate(ctx, requester);
  if (account.emailVerified) throw new ProblemError('conflict', 'The e-mail address is verified already');
  await countMail(ctx, requester, account.email);
  await ctx.pool.transaction((tx) => ctx.mails.verifyEmail(tx, account));
}

/** Verifies the address that the mail went to, if the account still has it. */
export function verifyEmail(ctx: Context, token: string): Promise<Account> {
  return ctx.pool.transaction(async (tx) => {
    const wanted = await consumeMailToken(tx, 'verify-email', token);
    const account = wanted && (await lockAccount(tx, wanted.accountId));
    if (!account || account.email !== wanted.email) throw linkNotValid();
    const verified = await setEmailVerified(tx, account.id);
    if (verified) await publishEvents(tx, [accountChanged(verified), accountContactChanged(verified)]);
    return verified ?? account;
  });
}
