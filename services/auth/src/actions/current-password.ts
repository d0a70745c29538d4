import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { type Account, lockAccount } from '../store/accounts.ts';
import { passwordHashOf } from '../store/credentials.ts';
import { sessionById } from '../store/sessions.ts';
import type { Caller } from './authenticate.ts';
import type { Context, Requester } from './context.ts';
import { countWrongPasswords } from './sign-in.ts';

/**
 * Checks the current password of the caller. Throws `invalid_credentials` for a wrong one; guesses count as those at sign-in do. What is
 * done by it is done after `lockCaller`: by then the password may be another one.
 */
export async function checkPassword(
  ctx: Context,
  requester: Requester,
  { account }: Caller,
  password: string,
): Promise<void> {
  const { password: hasher } = await ctx.betterAuth.$context;
  await countWrongPasswords(ctx, requester, account.email, async () => {
    const hash = await passwordHashOf(ctx.pool, account.id);
    if (hash === undefined) throw noPassword();
    if (!(await hasher.verify({ hash, password }))) throw wrongPassword();
  });
}

/**
 * Locks the account of the caller, and looks again whether the session is open: a password that is changed and a ban end all sessions. So
 * nothing that opens the account is added by who has just been shut out of it.
 */
export async function lockCaller(tx: Tx, { account, session }: Pick<Caller, 'account' | 'session'>): Promise<Account> {
  const locked = await lockAccount(tx, account.id);
  if (!locked || !(await sessionById(tx, session.id)))
    throw new ProblemError('unauthenticated', 'The session has just ended: sign in again');
  return locked;
}

function wrongPassword(): ProblemError {
  const detail = 'The current password is wrong';
  return new ProblemError('invalid_credentials', detail, { errors: [{ field: '/currentPassword', message: detail }] });
}

/** An account that a sign-in provider made has no password that could be right. */
function noPassword(): ProblemError {
  const detail = 'The account has no password yet: "Forgot password?" on the page of the sign-in sets one';
  return new ProblemError('unprocessable', detail, { errors: [{ field: '/currentPassword', message: detail }] });
}
