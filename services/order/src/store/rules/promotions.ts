import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import type { Promotion } from '../../domain/pricing/rules.ts';
import { type PromotionRow, promotionColumns, toPromotion } from '../promotion-rows.ts';
import { ruleTable, type Versioned } from './rule-table.ts';

/** A promotion as operators write it. */
export type NewPromotion = Omit<Promotion, 'used'>;
export type StoredPromotion = Versioned<Promotion> & { createdAt: Date };

type Row = PromotionRow & { version: number; created_at: Date };

/** What operators write: `id` is given, and `used` is counted. */
const columns = promotionColumns.filter((name) => name !== 'id' && name !== 'used');

const fromRow = (row: Row): StoredPromotion => ({
  ...toPromotion(row),
  version: row.version,
  createdAt: row.created_at,
});

export const promotions = ruleTable<NewPromotion, Row, StoredPromotion>({
  table: 'promotion',
  columns,
  values: (promotion) => ({
    name: promotion.name,
    code: promotion.code,
    benefit: JSON.stringify(promotion.benefit),
    minimum_amount: promotion.minimum?.amount ?? null,
    minimum_currency: promotion.minimum?.currency ?? null,
    product_ids: promotion.productIds,
    categories: promotion.categories,
    first_order: promotion.firstOrder,
    starts_at: promotion.startsAt,
    ends_at: promotion.endsAt,
    combinable: promotion.combinable,
    limit_total: promotion.limitTotal,
    limit_per_customer: promotion.limitPerCustomer,
    active: promotion.active,
  }),
  // A page ends at a time that JavaScript can hold, which has no microseconds.
  once: { created_at: `date_trunc('milliseconds', now())` },
  read: ['used'],
  orderBy: 'created_at desc, id desc',
  fromRow,
});

export type PromotionFilter = {
  /** Part of the code or the name, in any case. */
  text: string | undefined;
  /** `active`: switched on and not ended; it may start later. */
  state: 'active' | 'ended' | 'all';
  at: Date;
  before: { createdAt: string; id: string } | undefined;
  limit: number;
};

const list = sql(
  'promotion.list',
  `select id, version, ${columns.join(', ')}, created_at, used from promotion
    where ($1::text is null or position(lower($1) in lower(name)) > 0 or position(lower($1) in lower(code)) > 0)
      and ($2 = 'all' or (active and (ends_at is null or ends_at > $3)) = ($2 = 'active'))
      and ($4::timestamptz is null or (created_at, id) < ($4, $5::uuid))
    order by created_at desc, id desc limit $6`,
);

/** Promotions, the newest first. */
export async function listPromotions(db: Db, filter: PromotionFilter): Promise<StoredPromotion[]> {
  const { text, state, at, before, limit } = filter;
  const values = [text ?? null, state, at, before?.createdAt ?? null, before?.id ?? null, limit];
  const { rows } = await db.query<Row>(list(values));
  return rows.map(fromRow);
}

const lock = sql('promotion.lock', 'select from promotion where id = $1 for update');

/** Lets no order use the promotion until the transaction ends: what is read after it counts all uses. */
export async function lockPromotion(tx: Tx, id: string): Promise<void> {
  await tx.query(lock([id]));
}

const others = sql(
  'promotion.others',
  `select (select name from promotion where code = $2 and id <> $1) as "withCode",
    (select count(*)::int from promotion where code is null and active and id <> $1) as automatic`,
);

/** What of the other promotions may stand in the way of this one. */
export async function otherPromotions(
  tx: Tx,
  { id, code }: { id: string; code: string | null },
): Promise<{ withCode: string | null; automatic: number }> {
  const { rows } = await tx.query<{ withCode: string | null; automatic: number }>(others([id, code]));
  return rows[0] ?? { withCode: null, automatic: 0 };
}

const uses = sql(
  'promotion.is-used',
  'select exists (select from promotion where id = $1 and used > 0) or exists (select from promotion_use where promotion_id = $1) as "isUsed"',
);

export async function isPromotionUsed(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await tx.query<{ isUsed: boolean }>(uses([id]));
  return rows[0]?.isUsed === true;
}
