import { randomBytes } from 'node:crypto';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { setSessionCookie } from '../domain/cookies.ts';
import type { Account } from '../store/accounts.ts';
import { insertSession } from '../store/sessions.ts';
import { tokenHash } from '../store/token-hash.ts';
import type { Context, Requester } from './context.ts';
import type { SignedIn } from './session-response.ts';

/**
 * Opens a session of who has shown all factors that the account has, as better-auth opens one by a password. Throws
 * `account_suspended` for an account that is banned.
 */
export async function openSession(ctx: Context, tx: Tx, requester: Requester, account: Account): Promise<SignedIn> {
  // Of characters that a session token has (`domain/credential.ts`); 192 bits.
  const token = randomBytes(24).toString('hex');
  const now = ctx.now();
  const opened = await insertSession(
    tx,
    {
      id: uuidv7(),
      user_id: account.id,
      token_hash: tokenHash(token),
      expires_at: new Date(now.getTime() + ctx.sessionSeconds * 1000),
      ip_address: requester.address,
      user_agent: requester.userAgent ?? '',
      created_at: now,
      updated_at: now,
    },
    { secondFactorShown: true },
  );
  if (!opened) throw new ProblemError('account_suspended', 'This account has been suspended');
  return { token, user: account, setCookie: [setSessionCookie(ctx.cookie, token, ctx.secrets[0])] };
}
