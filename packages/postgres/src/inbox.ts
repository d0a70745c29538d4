import { type Db, sql, type Tx } from './db.ts';
import { uuidv7Floor } from './uuid.ts';

const insert = sql(
  'inbox.claim',
  'insert into inbox (event_id) select unnest($1::uuid[]) on conflict do nothing returning event_id',
);

/**
 * Records the events as handled by this transaction and returns those that were not handled before, in their order and
 * each once. Everything else was handled already: it is to be acknowledged and otherwise left alone.
 * Waits for another transaction that is handling one of the same events.
 */
export async function claim<E extends { id: string }>(tx: Tx, events: readonly E[]): Promise<E[]> {
  if (events.length === 0) return [];
  // Sorted, so that two consumers that were given the same events wait for one another instead of deadlocking.
  const ids = events.map((event) => event.id.toLowerCase()).sort();
  const { rows } = await tx.query<{ event_id: string }>(insert([ids]));
  const fresh = new Set(rows.map((row) => row.event_id));
  // Deleting as we go keeps the first of an event that the batch holds twice.
  return events.filter((event) => fresh.delete(event.id.toLowerCase()));
}

const prune = sql(
  'inbox.prune',
  `delete from inbox where event_id in (
     select event_id from inbox where event_id < $1 and handled_at < $2 order by event_id limit $3
   )`,
);

/**
 * Forgets events that were handled before `olderThan`, at most `limit` at a time so that locks are short, and returns
 * how many: call again while it is `limit`. `olderThan` must lie further back than any event can be delivered again.
 */
export async function pruneInbox(db: Db, olderThan: Date, limit = 10_000): Promise<number> {
  // The bound on the id lets the primary key find the rows; an id is never younger than its handling.
  const { rowCount } = await db.query(prune([uuidv7Floor(olderThan), olderThan, limit]));
  return rowCount;
}
