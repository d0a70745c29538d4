import { type Db, sql, type Tx } from '@tradepost/postgres/db';

/** Whether a customer has an order that is paid, or that may still be. */
export async function hasOrdered(db: Db, customerId: string): Promise<boolean> {
  const { rows } = await db.query<{ has: boolean }>({
    name: 'order.has-ordered',
    text: `select exists (select from orders where customer_id = $1 and status not in ('rejected', 'cancelled')) as has`,
    values: [customerId],
  });
  return rows[0]?.has ?? false;
}

/** How often a customer has used promotions whose uses are counted, by promotion. */
export async function usesOfCustomer(
  db: Db,
  customerId: string,
  promotionIds: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await db.query<{ promotion_id: string; uses: number }>({
    name: 'promotion-use.of-customer',
    text: `select promotion_id, count(*)::int as uses from promotion_use
      where customer_id = $1 and promotion_id = any($2::uuid[]) group by promotion_id`,
    values: [customerId, promotionIds],
  });
  return new Map(rows.map((row) => [row.promotion_id, row.uses]));
}

// The promotions are locked in the order of their ids before they are counted down, as `lock_promotions` locks them.
const giveBack = sql(
  'promotion-use.give-back',
  `with locked as materialized (
      select id from promotion where id in (select promotion_id from promotion_use where order_id = any($1::uuid[]))
      order by id for no key update),
    gone as (
      delete from promotion_use where order_id = any($1::uuid[]) and promotion_id in (select id from locked)
      returning promotion_id)
    update promotion p set used = p.used - g.uses
      from (select promotion_id, count(*)::int as uses from gone group by promotion_id) g where p.id = g.promotion_id`,
);

/** Gives back the uses of promotions by orders that ended unpaid; this transaction has locked the orders. */
export async function giveBackUses(tx: Tx, orderIds: readonly string[]): Promise<void> {
  await tx.query(giveBack([orderIds]));
}
