import { randomBytes } from 'node:crypto';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { tokenInCookie } from '../domain/cookies.ts';
import { publishEvents, sessionsRevoked } from '../store/account-events.ts';
import { type Account, accountById, lockAccount } from '../store/accounts.ts';
import { endActingSessions, endSession } from '../store/ended-sessions.ts';
import { insertSession, lockSession, type Session, sessionByToken } from '../store/sessions.ts';
import { lockStaff } from '../store/staff-roles.ts';
import { tokenHash } from '../store/token-hash.ts';
import { authenticate } from './authenticate.ts';
import type { Context, Requester } from './context.ts';
import { isBanned } from './manage-accounts.ts';
import { requireOperator } from './operators.ts';

/** How long an operator acts as a customer at most. */
export const ACTING_SECONDS = 3600;

export type ActingSession = { token: string; expiresAt: Date; account: Account };

/**
 * Opens a session in which an operator uses the shop as a customer. Its access tokens name both. It ends after an hour, when the operator
 * stops, signs out, is banned or gets another role, and when the customer's sessions are ended. An operator has one at a time. Sellers,
 * staff and admins are not for it: the operator would get what they do not hold.
 */
export function actAs(ctx: Context, requester: Requester, own: Session, id: string): Promise<ActingSession> {
  const operatorId = own.accountId;
  return ctx.pool.transaction(async (tx) => {
    await lockStaff(tx);
    // The operator may be signing out at this moment, which ends the sessions in which they act.
    if (!(await lockSession(tx, own.id))) throw new ProblemError('unauthenticated', 'Sign in first');
    await requireOperator(ctx, tx, operatorId, 'accounts:act-as');
    const account = await lockAccount(tx, id);
    if (!account) throw new ProblemError('not_found', 'There is no such account');
    if (account.role !== 'customer') throw new ProblemError('conflict', 'Operators act as customers only');
    if (isBanned(account, ctx.now())) throw new ProblemError('conflict', 'The account is suspended');
    const ended = await endActingSessions(tx, operatorId);
    await publishEvents(tx, sessionsRevoked(ended));
    const token = randomBytes(32).toString('hex');
    const now = ctx.now();
    const expiresAt = new Date(now.getTime() + ACTING_SECONDS * 1000);
    const origin = { ip_address: requester.address || null, user_agent: requester.userAgent ?? null };
    const times = { created_at: now, updated_at: now, expires_at: expiresAt };
    const row = { id: uuidv7(), user_id: id, token_hash: tokenHash(token), operator_id: operatorId };
    if (!(await insertSession(tx, { ...row, ...origin, ...times }, { secondFactorShown: true })))
      throw new Error('No session was opened');
    return { token, expiresAt, account };
  });
}

/**
 * Ends the session in which an operator acts as a customer. Returns the token of the operator's own session where the request shows it
 * in the operator's cookie and it is still open: the browser goes on with it.
 */
export async function stopActing(
  ctx: Context,
  requester: Requester,
  operatorCookie: string | undefined,
): Promise<string | undefined> {
  const acting = await authenticate(ctx, requester, { acting: true }).catch(noSession);
  const operatorId = acting?.session.operatorId ?? undefined;
  if (acting && operatorId !== undefined) {
    await ctx.pool.transaction(async (tx) => {
      const ended = await endSession(tx, acting.session.id, acting.account.id);
      await publishEvents(tx, sessionsRevoked(ended));
    });
  }
  const token = operatorCookie === undefined ? undefined : tokenInCookie(operatorCookie, ctx.secrets);
  const own = token === undefined ? undefined : await sessionByToken(ctx.pool, tokenHash(token));
  // Whoever has signed in meanwhile as somebody else stays that.
  const isSomebodyElse = acting !== undefined && operatorId !== own?.account.id;
  if (!own || own.session.operatorId !== null || isSomebodyElse) return undefined;
  return token;
}

/** The operator who acts in a session, as the pages name them. */
export async function operatorOf(
  ctx: Context,
  operatorId: string | null,
): Promise<{ id: string; name: string } | null> {
  const operator = operatorId === null ? undefined : await accountById(ctx.pool, operatorId);
  return operator ? { id: operator.id, name: operator.name } : null;
}

/** A session that has ended is as good as stopped. */
function noSession(error: unknown): undefined {
  if (error instanceof ProblemError && error.code === 'unauthenticated') return undefined;
  throw error;
}
