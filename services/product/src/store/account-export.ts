import { type Db, sql } from '@tradepost/postgres/db';

const read = sql(
  'account-export.read',
  `select
    (select coalesce(json_agg(json_build_object('id', p.id, 'slug', p.slug, 'title', p.title, 'status', p.status,
        'createdAt', p.created_at) order by p.id), '[]') from product p where p.seller_id = $1) as products,
    (select coalesce(json_agg(json_build_object('scope', k.scope, 'createdAt', k.created_at) order by k.created_at), '[]')
      from idempotency_key k where k.account_id = $1) as "requestKeys"`,
);

/** All that `product` holds of an account. */
export async function readAccountData(db: Db, accountId: string): Promise<Record<string, unknown>> {
  return (await db.query<Record<string, unknown>>(read([accountId]))).rows[0] ?? {};
}
