import { sql, type Tx } from '@tradepost/postgres/db';
import type { Order } from '../domain/order.ts';

const save = sql(
  'order-line.save',
  `update order_line l set fulfilled = t.fulfilled, refunded = t.refunded, withdrawn = t.withdrawn
    from unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::int[]) as t(order_id, sku, fulfilled, refunded, withdrawn)
    where l.order_id = t.order_id and l.sku = t.sku`,
);

/** Writes what was sent, refunded and withdrawn of the lines of orders that this transaction has locked. */
export async function saveLines(tx: Tx, orders: readonly Order[]): Promise<void> {
  const rows = orders.flatMap(({ id, lines }) => lines.map((line) => ({ id, line })));
  if (rows.length === 0) return;
  await tx.query(
    save([
      rows.map(({ id }) => id),
      rows.map(({ line }) => line.sku),
      rows.map(({ line }) => line.fulfilled),
      rows.map(({ line }) => line.refunded),
      rows.map(({ line }) => line.withdrawn),
    ]),
  );
}
