import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Identity } from '@tradepost/runtime/identity';
import { lowStockOf, type SellerStock } from '../store/low-stock.ts';
import { type ActiveReservation, holdsOf, type ReservationRecord, reservationOf } from '../store/reservations.ts';
import { stockOf } from '../store/stock.ts';
import { type StockChange, stockChangesOf } from '../store/stock-history.ts';
import { ownedBy } from './access.ts';
import type { Context } from './context.ts';

/** Orders that hold units of one SKU at a time are few; more than these are not told one by one. */
const MOST_HOLDS = 100;

async function assertOwned(ctx: Context, by: Identity, sku: string): Promise<void> {
  const stock = await stockOf(ctx.pool, sku);
  if (!stock) throw new ProblemError('not_found', `There is no SKU ${sku}`);
  ownedBy(by, stock);
}

/** What changed the stock of a SKU of the seller's own, the latest first, and where the next page begins. */
export async function stockHistoryFor(
  ctx: Context,
  by: Identity,
  sku: string,
  page: { before: string | null; limit: number },
): Promise<{ items: StockChange[]; next: string | null }> {
  await assertOwned(ctx, by, sku);
  const items = await stockChangesOf(ctx.pool, sku, { before: page.before, limit: page.limit + 1 });
  const more = items.length > page.limit;
  return { items: items.slice(0, page.limit), next: more ? (items[page.limit - 1]?.id ?? null) : null };
}

/** The orders that hold units of a SKU of the seller's own at this moment. */
export async function holdsFor(ctx: Context, by: Identity, sku: string): Promise<ActiveReservation[]> {
  await assertOwned(ctx, by, sku);
  return holdsOf(ctx.pool, sku, MOST_HOLDS);
}

export type LowStockQuery = {
  sellerId: string | undefined;
  atMost: number;
  after: { available: number; sku: string } | null;
  limit: number;
};

/** What a seller has little left of: a seller asks about their own, an operator about anybody's. */
export async function lowStockFor(
  ctx: Context,
  by: Identity,
  { sellerId, ...query }: LowStockQuery,
): Promise<{ items: SellerStock[]; next: { available: number; sku: string } | null }> {
  if (sellerId !== undefined && sellerId !== by.accountId && !by.isOperator) {
    throw new ProblemError('forbidden', 'A seller lists their own stock');
  }
  const found = await lowStockOf(ctx.pool, sellerId ?? by.accountId, { ...query, limit: query.limit + 1 });
  const items = found.slice(0, query.limit);
  const last = items.at(-1);
  const more = found.length > query.limit && last !== undefined;
  return { items, next: more ? { available: last.available, sku: last.sku } : null };
}

/** What became of the stock that an order asked for. */
export async function reservationFor(ctx: Context, orderId: string): Promise<ReservationRecord> {
  const found = await reservationOf(ctx.pool, orderId);
  if (!found) throw new ProblemError('not_found', 'No stock was ever asked for by that order');
  return found;
}
