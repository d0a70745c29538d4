import { randomBytes } from 'node:crypto';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { setSessionCookie } from '../domain/cookies.ts';
import type { Account } from '../store/accounts.ts';
import { insertSession, type NewSession } from '../store/sessions.ts';
import { tokenHash } from '../store/token-hash.ts';
import type { Context, Requester } from './context.ts';
import type { OpenedSession } from './session-response.ts';

/** A session to be written, and its token: of characters that a session token has (`domain/credential.ts`), 192 bits. */
export function newSession(
  ctx: Pick<Context, 'now' | 'sessionSeconds'>,
  requester: Requester,
  accountId: string,
): { token: string; session: NewSession } {
  const token = randomBytes(24).toString('hex');
  const now = ctx.now();
  const session = {
    id: uuidv7(),
    user_id: accountId,
    token_hash: tokenHash(token),
    expires_at: new Date(now.getTime() + ctx.sessionSeconds * 1000),
    ip_address: requester.address,
    user_agent: requester.userAgent ?? '',
    created_at: now,
    updated_at: now,
  };
  return { token, session };
}

export function signedInWith(ctx: Pick<Context, 'cookie' | 'secrets'>, token: string, account: Account): OpenedSession {
  return { token, user: account, setCookie: [setSessionCookie(ctx.cookie, token, ctx.secrets[0])] };
}

/**
 * Opens a session of who has shown all factors that the account has. Throws `account_suspended` for an account that is banned.
 */
export async function openSession(
  ctx: Context,
  tx: Tx,
  requester: Requester,
  account: Account,
): Promise<OpenedSession> {
  const { token, session } = newSession(ctx, requester, account.id);
  const opened = await insertSession(tx, session, { secondFactorShown: true });
  if (!opened) throw suspended();
  return signedInWith(ctx, token, account);
}

export function suspended(): ProblemError {
  return new ProblemError('account_suspended', 'This account has been suspended');
}

export function wrongCredentials(): ProblemError {
  return new ProblemError('invalid_credentials', 'The e-mail address or the password is wrong');
}
