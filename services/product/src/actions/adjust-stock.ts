import { ProblemError } from '@tradepost/contracts/problem-error';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { Identity } from '@tradepost/runtime/identity';
import { type Adjustment, adjustmentById, adjustmentsOf, insertAdjustments } from '../store/adjustments.ts';
import { noteInStock } from '../store/in-stock.ts';
import { adjustOnHand, stockOf } from '../store/stock.ts';
import { ownedBy } from './access.ts';
import type { Context } from './context.ts';
import { findIdempotentResult } from './idempotency.ts';

const noSuchSku = (sku: string): ProblemError => new ProblemError('not_found', `There is no SKU ${sku}`);

/** How much there is of a SKU. */
export async function stockFor(ctx: Context, sku: string) {
  const stock = await stockOf(ctx.pool, sku);
  if (!stock) throw noSuchSku(sku);
  const { onHand, reserved } = stock;
  return { sku, onHand, reserved, available: onHand - reserved };
}

/** Adds to the stock of a SKU of the seller's own, or takes away from it, but never what is held for orders. */
export function adjustStock(
  ctx: Context,
  by: Identity,
  sku: string,
  input: { delta: number; reason: string },
  key: string | undefined,
): Promise<Adjustment> {
  return ctx.pool.transaction(async (tx) => {
    const stock = await stockOf(tx, sku);
    if (!stock) throw noSuchSku(sku);
    ownedBy(by, stock);
    const { delta } = input;
    const id = uuidv7();
    const now = ctx.now();
    const idempotent = { accountId: by.accountId, scope: `adjustment ${sku}`, key, request: input };
    const earlier = await findIdempotentResult(tx, idempotent, { resourceId: id, now });
    const made = earlier === undefined ? undefined : await adjustmentById(tx, earlier);
    if (made) return made;
    const after = await adjustOnHand(tx, sku, delta);
    if (!after) throw impossible(stock, delta);
    const adjustment = { id, sku, ...input, adjustedBy: by.accountId, onHand: after.onHand, createdAt: now };
    await insertAdjustments(tx, [adjustment]);
    const available = after.onHand - after.reserved;
    if (available > 0 !== available - delta > 0) await noteInStock(tx, [stock.productId]);
    tx.onCommit(() => ctx.cache.forget([stock.productId]));
    return adjustment;
  });
}

function impossible({ onHand, reserved }: { onHand: number; reserved: number }, delta: number): ProblemError {
  const errors = [{ field: '/delta', message: `would make ${onHand + delta} of ${onHand}` }];
  if (delta > 0) return new ProblemError('unprocessable', 'That is more than can be on hand', { errors });
  return new ProblemError('insufficient_stock', `Of ${onHand} on hand, ${reserved} are held for orders`, {
    errors,
    extra: { onHand, reserved, available: onHand - reserved },
  });
}

/** The adjustments of a SKU of the seller's own, the latest first, and where the next page begins. */
export async function adjustmentsFor(
  ctx: Context,
  by: Identity,
  sku: string,
  page: { before: string | null; limit: number },
): Promise<{ items: Adjustment[]; next: string | null }> {
  const stock = await stockOf(ctx.pool, sku);
  if (!stock) throw noSuchSku(sku);
  ownedBy(by, stock);
  const items = await adjustmentsOf(ctx.pool, sku, { before: page.before, limit: page.limit + 1 });
  const more = items.length > page.limit;
  return { items: items.slice(0, page.limit), next: more ? (items[page.limit - 1]?.id ?? null) : null };
}
