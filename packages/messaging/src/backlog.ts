import { type Db, sql } from '@tradepost/postgres/db';

/** Counting stops here: a number that large says enough, and is read on every scrape. */
export const COUNTED_AT_MOST = 10_000;

/** What waits in the outbox of a service. */
export type OutboxBacklog = {
  /** `COUNTED_AT_MOST` where there are more. */
  events: number;
  /** Of the oldest; 0 when it is empty. */
  oldestSeconds: number;
};

const outbox = sql(
  'backlog.outbox',
  `select count(*)::int as events, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as "oldestSeconds"
   from (select created_at from outbox order by id limit ${COUNTED_AT_MOST}) as oldest`,
);
const deadLetterCount = sql(
  'backlog.dead-letters',
  `select count(*)::int as count from (select from dead_letter limit ${COUNTED_AT_MOST}) as letters`,
);

/** Measures the outbox of a service's database. */
export async function measureOutbox(db: Db): Promise<OutboxBacklog> {
  const { rows } = await db.query<OutboxBacklog>(outbox());
  return rows[0] ?? { events: 0, oldestSeconds: 0 };
}

/** How many dead letters a service's database holds, `COUNTED_AT_MOST` at most. */
export async function countDeadLetters(db: Db): Promise<number> {
  const { rows } = await db.query<{ count: number }>(deadLetterCount());
  return rows[0]?.count ?? 0;
}

/**
 * Where a message is with one service: still to be published by it, handled by it, or dead-lettered by it. `at` is since when,
 * RFC 3339.
 */
export type MessageState = { id: string; state: 'unpublished' | 'handled' | 'parked'; at: string };

const states = sql(
  'backlog.message-states',
  `select id, state, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from (
     select event_id as id, 'handled' as state, handled_at as at from inbox where event_id = any($1::uuid[])
     union all
     select event_id, 'parked', parked_at from dead_letter where event_id = any($1::uuid[])
     union all
     select id, 'unpublished', created_at from (
       select (event ->> 'id')::uuid as id, created_at from outbox order by id limit ${COUNTED_AT_MOST}
     ) as oldest where id = any($1::uuid[])
   ) as found order by at`,
);

/** What a service knows of these messages; those that it knows nothing of are left out. */
export async function messageStates(db: Db, ids: readonly string[]): Promise<MessageState[]> {
  const { rows } = await db.query<MessageState>(states([ids]));
  return rows;
}
