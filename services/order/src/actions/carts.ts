import type { Money } from '@tradepost/contracts/money';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { createBatcher } from '@tradepost/postgres/batch';
import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { mergeLines } from '../domain/cart.ts';
import { priceLines, type SellableVariant, type WantedLine } from '../domain/pricing.ts';
import type { CartChange } from '../store/cart-lines.ts';
import {
  type Cart,
  cartsWithVariants,
  insertCarts,
  lockCarts,
  mergeInto,
  type NewCart,
  openCartsOf,
  setLinesAndRead,
} from '../store/carts.ts';
import type { Actor } from './access.ts';
import { assertOpen, changedMeanwhile, MAX_LINES, tooManyLines, visibleCart } from './cart-rules.ts';
import { knownVariants, withVariants } from './known-variants.ts';
import type { PlacementContext } from './placement-context.ts';

export type PricedCart = {
  id: string;
  orderId: string | null;
  mergedInto: string | null;
  lines: { sku: string; quantity: number; variant: SellableVariant | undefined }[];
  /** Null while the cart holds something that cannot be sold, or nothing. */
  total: Money | null;
  updatedAt: Date;
};

/** What carts need; each statement is one for all requests that come to it at the same time. */
export type CartContext = PlacementContext & { carts: ReturnType<typeof batchCartStatements> };

export function batchCartStatements(pool: Pool) {
  return {
    /** A cart, and what is known of the variants of its lines and of `skus`, and perhaps of others. */
    read: createBatcher(async (asked: readonly { id: string; skus?: readonly string[] }[]) => {
      const skus = [...new Set(asked.flatMap((one) => one.skus ?? []))];
      const ids = asked.map(({ id }) => id);
      const { carts, variants } = await cartsWithVariants(pool, ids, skus);
      return ids.map((id) => ({ cart: carts.get(id.toLowerCase()), variants }));
    }),
    insert: createBatcher(async (carts: readonly NewCart[]) => {
      await insertCarts(pool, carts);
      return carts.map(() => undefined);
    }),
    setLine: createBatcher((changes: readonly CartChange[]) => setLinesAndRead(pool, changes)),
  };
}

export async function createCart(ctx: CartContext, actor: Actor | undefined): Promise<PricedCart> {
  const id = uuidv7();
  const now = ctx.now();
  await ctx.carts.insert({ id, customerId: actor?.accountId ?? null, createdAt: now });
  return { id, orderId: null, mergedInto: null, lines: [], total: null, updatedAt: now };
}

export async function readCart(ctx: CartContext, actor: Actor | undefined, id: string): Promise<PricedCart> {
  const { cart, variants } = await ctx.carts.read({ id });
  return priced(ctx, visibleCart(cart, id, actor), variants);
}

/** The most carts that a list holds; an account has one or two. */
const MAX_LISTED = 20;

/** The open carts of an account, the newest first: how a cart is found on another device. */
export async function listCarts(ctx: CartContext, actor: Actor): Promise<PricedCart[]> {
  const carts = await openCartsOf(ctx.pool, actor.accountId, MAX_LISTED);
  return Promise.all(carts.map((cart) => priced(ctx, cart)));
}

/** Sets the quantity of one SKU; 0 removes it. Doing so again changes nothing. */
export async function setLine(
  ctx: CartContext,
  actor: Actor | undefined,
  id: string,
  line: { sku: string; quantity: number },
): Promise<PricedCart> {
  const read = await ctx.carts.read({ id, skus: [line.sku] });
  const before = visibleCart(read.cart, id, actor);
  assertOpen(before);
  const isNew = !before.lines.some((known) => known.sku === line.sku);
  if (isNew && line.quantity > 0 && before.lines.length >= MAX_LINES) throw tooManyLines();
  const wanted = line.quantity > 0 ? [...before.lines, line] : before.lines;
  const variants = await knownVariants(withVariants(ctx, read.variants), wanted);
  if (line.quantity > 0) assertSellable(line, variants);
  const { isSet, cart } = await ctx.carts.setLine({ cartId: before.id, line, at: ctx.now() });
  const after = visibleCart(cart, id, actor);
  // The cart was closed when the change came; it may have opened again when it was read.
  if (!isSet) {
    assertOpen(after);
    throw changedMeanwhile();
  }
  return priced(ctx, after, variants);
}

/**
 * Moves the lines of another cart into a cart of the account, and closes the other one: what a guest has put in is kept at sign-in.
 * Of a SKU in both, the larger quantity wins. Doing so again changes nothing.
 */
export async function mergeCarts(ctx: CartContext, actor: Actor, id: string, fromId: string): Promise<PricedCart> {
  const merged = await ctx.pool.transaction(async (tx) => {
    const carts = await lockCarts(tx, [id, fromId]);
    const into = visibleCart(carts.get(id), id, actor);
    const from = visibleCart(carts.get(fromId), fromId, actor);
    if (into.id === from.id) throw new ProblemError('unprocessable', 'A cart cannot be merged into itself');
    if (into.customerId !== actor.accountId) {
      throw new ProblemError('forbidden', 'Carts are merged into a cart of your own: make one while you are signed in');
    }
    assertOpen(into);
    if (from.mergedInto === into.id) return into;
    assertOpen(from);
    const lines = mergeLines(into.lines, from.lines);
    if (lines.length > MAX_LINES) throw tooManyLines();
    const at = ctx.now();
    await mergeInto(tx, { from: from.id, into: into.id, customerId: actor.accountId, lines, at });
    return { ...into, lines, updatedAt: at };
  });
  return priced(ctx, merged);
}

function assertSellable(line: WantedLine, variants: ReadonlyMap<string, SellableVariant>): void {
  const answer = priceLines([line], variants);
  if (answer.ok) return;
  throw new ProblemError(answer.code, answer.detail, { errors: [{ field: 'sku', message: answer.detail }] });
}

/** `known` are variants that were just read. */
async function priced(
  ctx: CartContext,
  cart: Cart,
  known: ReadonlyMap<string, SellableVariant> = new Map(),
): Promise<PricedCart> {
  const variants = await knownVariants(withVariants(ctx, known), cart.lines);
  const answer = cart.lines.length > 0 ? priceLines(cart.lines, variants) : null;
  return {
    id: cart.id,
    orderId: cart.orderId,
    mergedInto: cart.mergedInto,
    lines: cart.lines.map((line) => ({ ...line, variant: variants.get(line.sku) })),
    total: answer?.ok ? answer.total : null,
    updatedAt: cart.updatedAt,
  };
}
