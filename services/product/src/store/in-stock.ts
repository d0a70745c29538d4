import { sql, type Tx } from '@tradepost/postgres/db';

const lockForStock = sql(
  'product.lock-for-stock',
  'select from product where id = any($1::uuid[]) order by id for no key update',
);

const refreshInStock = sql(
  'product.refresh-in-stock',
  `update product p set in_stock = now.in_stock
    from (select id, exists (select from stock s join variant v using (sku)
            where s.product_id = id and v.status = 'active' and s.on_hand > s.reserved) as in_stock
          from unnest($1::uuid[]) as id) as now
    where p.id = now.id and p.in_stock <> now.in_stock`,
);

/**
 * Notes whether anything of the products can be bought. They are locked before it is looked at: of two transactions that
 * each take the last units of one variant, the second is to see what the first has done.
 */
export async function noteInStock(tx: Tx, productIds: readonly string[]): Promise<void> {
  if (productIds.length === 0) return;
  await tx.query(lockForStock([productIds]));
  await tx.query(refreshInStock([productIds]));
}
