import { type Db, sql } from '@tradepost/postgres/db';

const select = sql('jwks_cache.read', 'select jwks from jwks_cache');
const upsert = sql(
  'jwks_cache.write',
  `insert into jwks_cache (jwks) values ($1)
   on conflict (only_row) do update set jwks = excluded.jwks, fetched_at = now()`,
);

/** Keeps a key set in the table `jwks_cache` (`packages/runtime/sql/jwks.sql`) of a service's own database. */
export function jwksStore(db: Db): { load(): Promise<string | undefined>; save(jwks: string): Promise<void> } {
  return {
    async load() {
      const { rows } = await db.query<{ jwks: string }>(select());
      return rows[0]?.jwks;
    },
    async save(jwks) {
      await db.query(upsert([jwks]));
    },
  };
}
