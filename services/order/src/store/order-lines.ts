import type { Tx } from '@tradepost/postgres/db';
import type { WantedLine } from '../domain/pricing.ts';

/** Adds units to what was sent of an order's lines. */
export async function addFulfilled(tx: Tx, orderId: string, lines: readonly WantedLine[]): Promise<void> {
  await tx.query({
    name: 'order-line.add-fulfilled',
    text: `update order_line l set fulfilled = l.fulfilled + t.quantity
      from unnest($2::text[], $3::int[]) as t(sku, quantity) where l.order_id = $1 and l.sku = t.sku`,
    values: [orderId, lines.map((line) => line.sku), lines.map((line) => line.quantity)],
  });
}

/** Adds units to what was refunded of an order's lines, and of those to what will never be sent. */
export async function addRefunded(
  tx: Tx,
  orderId: string,
  refunded: readonly WantedLine[],
  withdrawn: readonly WantedLine[],
): Promise<void> {
  const neverSent = new Map(withdrawn.map((line) => [line.sku, line.quantity]));
  await tx.query({
    name: 'order-line.add-refunded',
    text: `update order_line l set refunded = l.refunded + t.quantity, withdrawn = l.withdrawn + t.withdrawn
      from unnest($2::text[], $3::int[], $4::int[]) as t(sku, quantity, withdrawn)
      where l.order_id = $1 and l.sku = t.sku`,
    values: [
      orderId,
      refunded.map((line) => line.sku),
      refunded.map((line) => line.quantity),
      refunded.map((line) => neverSent.get(line.sku) ?? 0),
    ],
  });
}
