import { type Db, sql, type Tx } from '@tradepost/postgres/db';

/** A session or an API key whose access tokens were revoked before they expired. */
export type Revocation = { sessionId: string; accountId: string; revokedAt: Date };

/** Longer than any access token lives: ACCESS_TOKEN_TTL_SECONDS is an hour at most. */
const KEPT = `interval '65 minutes'`;

const insert = sql(
  'revocation.insert',
  `insert into revocation (session_id, account_id, revoked_at)
   select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[])
   on conflict (session_id) do update set revoked_at = greatest(revocation.revoked_at, excluded.revoked_at)`,
);

/** Records revocations, in the transaction that makes them. */
export async function insertRevocations(tx: Tx, revocations: readonly Revocation[]): Promise<void> {
  await tx.query(
    insert([
      revocations.map(({ sessionId }) => sessionId),
      revocations.map(({ accountId }) => accountId),
      revocations.map(({ revokedAt }) => revokedAt),
    ]),
  );
}

type Row = { session_id: string; account_id: string; revoked_at: Date };

const recent = sql(
  'revocation.recent',
  `select session_id, account_id, revoked_at from revocation
   where revoked_at > now() - ${KEPT} order by revoked_at desc limit $1`,
);

/** Revocations that may still matter, the latest first. */
export async function recentRevocations(db: Db, limit: number): Promise<Revocation[]> {
  const { rows } = await db.query<Row>(recent([limit]));
  return rows.map((row) => ({ sessionId: row.session_id, accountId: row.account_id, revokedAt: row.revoked_at }));
}

const removeOld = sql(
  'revocation.remove-old',
  `delete from revocation where session_id in (
     select session_id from revocation where revoked_at < now() - ${KEPT} order by revoked_at limit $1
   )`,
);

/** Removes revocations whose access tokens have all expired, at most `limit`, and returns how many. */
export async function removeOldRevocations(db: Db, limit: number): Promise<number> {
  const { rowCount } = await db.query(removeOld([limit]));
  return rowCount;
}
