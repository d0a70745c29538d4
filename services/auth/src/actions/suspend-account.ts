import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { setBan } from '../store/account-changes.ts';
import { publishEvents, sessionRevoked, sessionsRevoked } from '../store/account-events.ts';
import { type Account, lockAccount } from '../store/accounts.ts';
import { apiKeyIds } from '../store/api-keys.ts';
import { endSessions } from '../store/ended-sessions.ts';
import { lockStaff } from '../store/staff-roles.ts';
import type { Context } from './context.ts';
import { announceRights, assertHoldsAllOf, assertNotOneself, badField, requireOperator } from './operators.ts';

/**
 * Suspends an account, until a time or for good. Ends its sessions and revokes the access tokens of its sessions and API keys;
 * the keys themselves work again when the suspension ends.
 */
export function ban(
  ctx: Context,
  operatorId: string,
  id: string,
  why: { reason: string; expires: Date | null },
): Promise<Account> {
  assertNotOneself(operatorId, id);
  // So written, a moment that does not exist (a leap second) is refused as well.
  if (why.expires && !(why.expires > ctx.now())) throw badField('/until', 'must lie in the future');
  return manage(ctx, operatorId, id, async (tx) => {
    const banned = await setBan(tx, id, why);
    const ended = await endSessions(tx, id);
    const keys = await apiKeyIds(tx, id);
    await publishEvents(tx, [...sessionsRevoked(ended), ...keys.map((key) => sessionRevoked(key, id))]);
    return changed(tx, banned);
  });
}

/** Lifts a suspension. */
export function unbanAccount(ctx: Context, operatorId: string, id: string): Promise<Account> {
  return manage(ctx, operatorId, id, async (tx) => changed(tx, await setBan(tx, id, undefined)));
}

/** Ends all sessions of an account, and returns how many. */
export function endAccountSessions(ctx: Context, operatorId: string, id: string): Promise<number> {
  return manage(ctx, operatorId, id, async (tx) => {
    const ended = await endSessions(tx, id);
    await publishEvents(tx, sessionsRevoked(ended));
    return ended.length;
  });
}

/** Does something to an account whose permissions the operator holds all: support does not suspend an admin. */
function manage<T>(ctx: Context, operatorId: string, id: string, write: (tx: Tx) => Promise<T>): Promise<T> {
  return ctx.pool.transaction(async (tx) => {
    await lockStaff(tx);
    const operator = await requireOperator(ctx, tx, operatorId, 'accounts:write');
    // By everybody who opens a session, too: one that is being opened is waited for, and then seen.
    const target = await lockAccount(tx, id);
    if (!target) throw notFound();
    assertHoldsAllOf(operator, target);
    return write(tx);
  });
}

async function changed(tx: Tx, account: Account | undefined): Promise<Account> {
  if (!account) throw notFound();
  await announceRights(tx, account);
  return account;
}

function notFound(): ProblemError {
  return new ProblemError('not_found', 'There is no such account');
}
