import { ProblemError } from '@tradepost/contracts/problem-error';
import { publishEvents, sessionsRevoked } from '../store/account-events.ts';
import { endSession, endSessions } from '../store/ended-sessions.ts';
import { pageOfSessions, type Session } from '../store/sessions.ts';
import type { Context } from './context.ts';

export type Page = { before: string | undefined; limit: number };

export function listSessions(ctx: Context, accountId: string, page: Page): Promise<Session[]> {
  return pageOfSessions(ctx.pool, accountId, page);
}

/** Ends one session of an account; throws `not_found` if it has no such one. */
export async function revokeSession(ctx: Context, accountId: string, sessionId: string): Promise<void> {
  await ctx.pool.transaction(async (tx) => {
    const ended = await endSession(tx, sessionId, accountId);
    if (ended.length === 0) throw new ProblemError('not_found', 'There is no such session');
    await publishEvents(tx, sessionsRevoked(ended));
  });
}

/** Ends the sessions of an account, all or all but one, and returns how many. */
export async function revokeSessions(ctx: Context, accountId: string, except?: string): Promise<number> {
  return ctx.pool.transaction(async (tx) => {
    const ended = await endSessions(tx, accountId, except);
    await publishEvents(tx, sessionsRevoked(ended));
    return ended.length;
  });
}
