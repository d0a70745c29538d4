import { type Db, sql } from '@tradepost/postgres/db';

export type CountedAttempt = { key: string; count: number; resetsInSeconds: number };

/** Rows are locked in the order of their keys, so that two requests never wait for one another. */
const add = sql(
  'attempt.add',
  `insert into attempt as a (key, count, resets_at)
   select key, 1, now() + window_seconds * interval '1 second'
   from unnest($1::text[], $2::int[]) as wanted (key, window_seconds) order by key
   on conflict (key) do update set
     count = case when a.resets_at <= now() then 1 else least(a.count + 1, 1000000) end,
     resets_at = case when a.resets_at <= now() then excluded.resets_at else a.resets_at end
   returning key, count, extract(epoch from resets_at - now())::float8 as resets_in`,
);

/** Counts one more attempt for each key, and returns where each of them stands. */
export async function addAttempt(
  db: Db,
  wanted: readonly { key: string; windowSeconds: number }[],
): Promise<CountedAttempt[]> {
  const { rows } = await db.query<{ key: string; count: number; resets_in: number }>(
    add([wanted.map(({ key }) => key), wanted.map(({ windowSeconds }) => windowSeconds)]),
  );
  return rows.map(({ key, count, resets_in }) => ({ key, count, resetsInSeconds: resets_in }));
}

const takeBack = sql(
  'attempt.take-back',
  `with locked as materialized (
     select key from attempt where key = any($1::text[]) or key = any($2::text[]) order by key for update
   )
   update attempt a set count = case when a.key = any($2::text[]) then 0 else greatest(a.count - 1, 0) end
   from locked where a.key = locked.key`,
);

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
