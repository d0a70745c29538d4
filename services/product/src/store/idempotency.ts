import { type Db, sql, type Tx } from '@tradepost/postgres/db';

/** One request with an `Idempotency-Key`: whose, what for, and a digest of what was asked. */
export type IdempotentRequest = { accountId: string; scope: string; key: string; hash: Buffer };

const claim = sql(
  'idempotency.claim',
  `insert into idempotency_key (account_id, scope, key, request_hash, resource_id, created_at)
    values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
);
const find = sql(
  'idempotency.find',
  'select request_hash, resource_id from idempotency_key where account_id = $1 and scope = $2 and key = $3',
);

/**
 * Records that the request makes the resource. Where the key was used before, nothing is recorded, and what it was
 * used for comes back. Waits for another transaction that is using the same key.
 */
export async function claimKey(
  tx: Tx,
  request: IdempotentRequest,
  made: { resourceId: string; now: Date },
): Promise<{ hash: Buffer; resourceId: string } | undefined> {
  const { accountId, scope, key, hash } = request;
  const { rowCount } = await tx.query(claim([accountId, scope, key, hash, made.resourceId, made.now]));
  if (rowCount === 1) return undefined;
  const { rows } = await tx.query<{ request_hash: Buffer; resource_id: string }>(find([accountId, scope, key]));
  const [row] = rows;
  if (!row) throw new Error('An idempotency key was forgotten while it was being used');
  return { hash: row.request_hash, resourceId: row.resource_id };
}

const forget = sql(
  'idempotency.forget',
  `delete from idempotency_key where (account_id, scope, key) in (
    select account_id, scope, key from idempotency_key where created_at < $1 order by created_at limit $2)`,
);

/** Forgets keys from before `before`, and returns how many. */
export async function forgetKeys(db: Db, before: Date, limit: number): Promise<number> {
  const { rowCount } = await db.query(forget([before, limit]));
  return rowCount;
}
