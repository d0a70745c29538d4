import { type Db, sql } from '@tradepost/postgres/db';

export type AttemptKey = { key: string; windowSeconds: number };
export type CountedAttempt = { key: string; count: number; resetsInSeconds: number };

/**
 * Counts one more attempt for each `key` of a table expression, in a window of `window_seconds`; for a `with` of a statement that also
 * does something else. Rows are locked in the order of their keys, so that two requests never wait for one another.
 */
export const addingAttempts = (wanted: string): string => `
   insert into attempt as a (key, count, resets_at)
   select key, 1, now() + window_seconds * interval '1 second' from ${wanted} order by key
   on conflict (key) do update set
     count = case when a.resets_at <= now() then 1 else least(a.count + 1, 1000000) end,
     resets_at = case when a.resets_at <= now() then excluded.resets_at else a.resets_at end
   returning key, count, extract(epoch from resets_at - now())::float8 as "resetsInSeconds"`;

/** The table expression of the first two parameters (`columnsOf`). */
export const ofParameters = 'unnest($1::text[], $2::int[]) as wanted (key, window_seconds)';

const add = sql('attempt.add', addingAttempts(ofParameters));

/** Counts one more attempt for each key, and returns where each of them stands. */
export async function addAttempt(db: Db, wanted: readonly AttemptKey[]): Promise<CountedAttempt[]> {
  return (await db.query<CountedAttempt>(add(columnsOf(wanted)))).rows;
}

/** The parameters of `ofParameters`: keys, and windows in seconds. */
export function columnsOf(wanted: readonly AttemptKey[]): [string[], number[]] {
  return [wanted.map(({ key }) => key), wanted.map(({ windowSeconds }) => windowSeconds)];
}

/** For a `with`: takes back one attempt for each of `keys` and all for each of `cleared`, where the condition `when` holds. */
export const takingBack = (keys: string, cleared: string, when = 'true'): string => `
   kept as materialized (
     select key from attempt where (key = any(${keys}::text[]) or key = any(${cleared}::text[])) and ${when}
     order by key for update
   ), taken_back as (
     update attempt a set count = case when a.key = any(${cleared}::text[]) then 0 else greatest(a.count - 1, 0) end
     from kept where a.key = kept.key
   )`;

const takeBack = sql('attempt.take-back', `with ${takingBack('$1', '$2')} select`);

/** Takes back one attempt for each of `keys`, and all of them for each of `cleared`. */
export async function takeBackAttempt(db: Db, keys: readonly string[], cleared: readonly string[]): Promise<void> {
  await db.query(takeBack([keys, cleared]));
}

const removeOver = sql(
  'attempt.remove-over',
  `delete from attempt where key in (
     select key from attempt where resets_at < now() order by resets_at limit $1 for update skip locked
   )`,
);

/** Removes counts whose window is over, at most `limit`, and returns how many. */
export async function removeOldAttempts(db: Db, limit: number): Promise<number> {
  const { rowCount } = await db.query(removeOver([limit]));
  return rowCount;
}
