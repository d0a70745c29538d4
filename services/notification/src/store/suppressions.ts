import { type Db, sql } from '@tradepost/postgres/db';

export type SuppressionReason = 'bounce' | 'complaint' | 'operator';
export type Suppression = { id: string; address: string; reason: SuppressionReason; detail: string; createdAt: Date };

const insert = sql(
  'suppression.insert',
  `insert into suppression (id, address, reason, detail, created_at) values ($1, lower($2), $3, $4, $5) on conflict do nothing`,
);

/** Suppresses an address; one that is suppressed already keeps its reason. */
export async function insertSuppression(
  db: Db,
  { id, address, reason, detail, createdAt }: Suppression,
): Promise<void> {
  await db.query(insert([id, address, reason, detail, createdAt]));
}

const list = sql(
  'suppression.list',
  `select id, address, reason, detail, created_at as "createdAt" from suppression
    where ($1::uuid is null or id < $1) and ($3::text is null or address = $3) order by id desc limit $2`,
);

/** Suppressed addresses, newest first. */
export async function listSuppressions(
  db: Db,
  o: { before: string | null; limit: number; address: string | null },
): Promise<Suppression[]> {
  return (await db.query<Suppression>(list([o.before, o.limit, o.address]))).rows;
}

const removeOld = sql(
  'suppression.remove-old',
  'delete from suppression where id in (select id from suppression where created_at < $1 limit $2)',
);

/** Removes suppressions from before `before`, at most `limit`, and returns how many. */
export async function removeOldSuppressions(db: Db, before: Date, limit: number): Promise<number> {
  return (await db.query(removeOld([before, limit]))).rowCount;
}

const remove = sql('suppression.remove', 'delete from suppression where id = $1');

/** Removes one; false when there is none. */
export async function deleteSuppression(db: Db, id: string): Promise<boolean> {
  return (await db.query(remove([id]))).rowCount === 1;
}
