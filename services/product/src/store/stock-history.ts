import { type Db, sql } from '@tradepost/postgres/db';

/** One change of what is on hand of a SKU: an adjustment has who and why, the others have their order. */
export type StockChange = {
  id: string;
  delta: number;
  /** What it came to. */
  onHand: number;
  at: Date;
  reason: string | null;
  adjustedBy: string | null;
  orderId: string | null;
};

// Each half is read along its own index, as far as the page goes, so that a page costs the same however long the history is.
const page = sql(
  'stock-history.page',
  `select * from (
      (select id, delta, on_hand as "onHand", created_at as at, reason, adjusted_by as "adjustedBy",
          null::uuid as "orderId"
        from stock_adjustment
        where sku = $1 and id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) order by id desc limit $3)
      union all
      (select id, delta, on_hand, at, null, null, order_id from stock_movement
        where sku = $1 and id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) order by id desc limit $3)
    ) as change order by id desc limit $3`,
);

/** What changed the stock of a SKU, the latest first, from before the change with id `before`. */
export async function stockChangesOf(
  db: Db,
  sku: string,
  o: { before: string | null; limit: number },
): Promise<StockChange[]> {
  const { rows } = await db.query<StockChange>(page([sku, o.before, o.limit]));
  return rows;
}
