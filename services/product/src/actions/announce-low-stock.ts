import type { Tx } from '@tradepost/postgres/db';
import { newEvent, outbox } from '@tradepost/postgres/outbox';
import type { StockDelta } from '../domain/reservation.ts';
import { namesOfSkus } from '../store/low-stock.ts';
import type { LockedStock } from '../store/stock.ts';
import { type Context, SOURCE } from './context.ts';

/**
 * Announces SKUs that these changes leave with `lowStockUnits` or fewer, where there were more before. Mostly there are none, and then
 * nothing is asked. `stock` is as it was, under its locks.
 */
export async function announceLowStock(
  tx: Tx,
  { lowStockUnits: limit }: Pick<Context, 'lowStockUnits'>,
  { stock, deltas }: { stock: ReadonlyMap<string, LockedStock>; deltas: ReadonlyMap<string, StockDelta> },
): Promise<void> {
  const left = new Map<string, number>();
  for (const [sku, delta] of deltas) {
    const before = stock.get(sku);
    if (!before) continue;
    const available = before.onHand - before.reserved;
    const after = available + delta.onHand - delta.reserved;
    if (available > limit && after <= limit && limit > 0) left.set(sku, after);
  }
  if (left.size === 0) return;
  const named = await namesOfSkus(tx, [...left.keys()]);
  await outbox.add(
    tx,
    named.map((one) =>
      newEvent({
        ...{ source: SOURCE, type: 'stock.low.v1', subject: one.sku },
        data: { ...one, available: left.get(one.sku) ?? 0, limit },
      }),
    ),
  );
}
