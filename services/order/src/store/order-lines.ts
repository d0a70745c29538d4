import { columnArrays } from '@tradepost/postgres/column-arrays';
import { sql, type Tx } from '@tradepost/postgres/db';
import type { Order, OrderLine } from '../domain/order.ts';

const lineRows = columnArrays<{ id: string; line: OrderLine }>({
  order_id: ['uuid', ({ id }) => id],
  sku: ['text', ({ line }) => line.sku],
  fulfilled: ['int', ({ line }) => line.fulfilled],
  refunded: ['int', ({ line }) => line.refunded],
  withdrawn: ['int', ({ line }) => line.withdrawn],
  returned: ['int', ({ line }) => line.returned],
});

const save = sql(
  'order-line.save',
  `update order_line l set fulfilled = t.fulfilled, refunded = t.refunded, withdrawn = t.withdrawn,
      returned = t.returned
    from ${lineRows.unnest('t')} where l.order_id = t.order_id and l.sku = t.sku`,
);

/** Writes what was sent, refunded, withdrawn and returned of the lines of orders that this transaction has locked. */
export async function saveLines(tx: Tx, orders: readonly Order[]): Promise<void> {
  const rows = orders.flatMap(({ id, lines }) => lines.map((line) => ({ id, line })));
  if (rows.length > 0) await tx.query(save(lineRows.values(rows)));
}
