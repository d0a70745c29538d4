import { type Db, sql, type Tx } from '@tradepost/postgres/db';

const removeKeys = sql('erased-account.keys', 'delete from idempotency_key where account_id = any($1::uuid[])');

/** Removes the keys of requests of accounts. */
export async function eraseAccountData(tx: Tx, accountIds: readonly string[]): Promise<void> {
  await tx.query(removeKeys([accountIds]));
}

const sellers = sql(
  'erased-account.sellers',
  `select id from unnest($1::uuid[]) as t(id) where exists (select from product p where p.seller_id = t.id)`,
);

/** Those of the accounts that sold something. */
export async function sellersAmong(db: Db, accountIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>(sellers([accountIds]));
  return new Set(rows.map(({ id }) => id));
}
