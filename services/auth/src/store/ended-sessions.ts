import { type Db, type Statement, sql, type Tx } from '@tradepost/postgres/db';

/** Sessions that have been ended, with whose they were. Those that had expired are removed without a word. */
export type EndedSession = { id: string; accountId: string };

const ending = 'returning id, user_id, expires_at > now() as was_live';
/** Ends a session, and where it is an operator's own those in which they act as a customer. */
const withActing = (condition: string): string => `with own as (
    delete from session where ${condition} returning id, user_id, operator_id, expires_at),
  acting as (
    delete from session where operator_id in (select user_id from own where operator_id is null) returning id, user_id, expires_at)
  select id, user_id, expires_at > now() as was_live
    from (select id, user_id, expires_at from own union all select id, user_id, expires_at from acting) as ended`;
const endByToken = sql('session.end-by-token', withActing('token_hash = $1'));
const endOne = sql('session.end-one', withActing('id = $1 and user_id = $2'));
const endAll = sql(
  'session.end-all',
  `delete from session where (user_id = $1 or operator_id = $1) and id is distinct from $2::uuid ${ending}`,
);

async function end(tx: Tx, statement: Statement): Promise<EndedSession[]> {
  const { rows } = await tx.query<{ id: string; user_id: string; was_live: boolean }>(statement);
  return rows.filter((row) => row.was_live).map((row) => ({ id: row.id, accountId: row.user_id }));
}

export function endSessionByToken(tx: Tx, tokenHash: string): Promise<EndedSession[]> {
  return end(tx, endByToken([tokenHash]));
}

export function endSession(tx: Tx, id: string, accountId: string): Promise<EndedSession[]> {
  return end(tx, endOne([id, accountId]));
}

/** Ends the sessions of an account, all or all but one, and those in which it acts as a customer. */
export function endSessions(tx: Tx, accountId: string, except?: string): Promise<EndedSession[]> {
  return end(tx, endAll([accountId, except ?? null]));
}

const endActing = sql(
  'session.end-acting',
  `delete from session where operator_id = $1 or (user_id = $1 and operator_id is not null) ${ending}`,
);

/** Ends the sessions in which an account acts as a customer, or in which an operator acts as it. */
export function endActingSessions(tx: Tx, accountId: string): Promise<EndedSession[]> {
  return end(tx, endActing([accountId]));
}

const removeExpired = sql(
  'session.remove-expired',
  `delete from session where id in (select id from session where expires_at < now() order by expires_at limit $1)`,
);

/** Removes sessions that have expired, at most `limit`, and returns how many. */
export async function removeExpiredSessions(db: Db, limit: number): Promise<number> {
  const { rowCount } = await db.query(removeExpired([limit]));
  return rowCount;
}
