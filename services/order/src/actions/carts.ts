import type { Money } from '@tradepost/contracts/money';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { createBatcher } from '@tradepost/postgres/batch';
import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { mergeLines } from '../domain/cart.ts';
import type { Order } from '../domain/order.ts';
import { priceLines, type SellableVariant, type WantedLine } from '../domain/pricing.ts';
import {
  type Cart,
  type CartChange,
  cartsById,
  insertCarts,
  lockCarts,
  mergeInto,
  type NewCart,
  openCartsOf,
  setCartLines,
} from '../store/carts.ts';
import { orderById } from '../store/orders.ts';
import type { Actor } from './access.ts';
import { knownVariants, type PlacementContext, type PlaceOrder, placeCart, tooManyUnsettled } from './place-order.ts';

/** The most different SKUs that a cart, and so an order, holds. */
export const MAX_LINES = 100;

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
    byId: createBatcher(async (ids: readonly string[]) => {
      const found = await cartsById(pool, ids);
      return ids.map((id) => found.get(id.toLowerCase()));
    }),
    insert: createBatcher(async (carts: readonly NewCart[]) => {
      await insertCarts(pool, carts);
      return carts.map(() => undefined);
    }),
    setLine: createBatcher((changes: readonly CartChange[]) => setCartLines(pool, changes)),
  };
}

export async function createCart(ctx: CartContext, actor: Actor | undefined): Promise<PricedCart> {
  const id = uuidv7();
  const now = ctx.now();
  await ctx.carts.insert({ id, customerId: actor?.accountId ?? null, createdAt: now });
  return { id, orderId: null, mergedInto: null, lines: [], total: null, updatedAt: now };
}

export async function readCart(ctx: CartContext, actor: Actor | undefined, id: string): Promise<PricedCart> {
  return priced(ctx, visible(await ctx.carts.byId(id), id, actor));
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
  const before = visible(await ctx.carts.byId(id), id, actor);
  assertOpen(before);
  const isNew = !before.lines.some((known) => known.sku === line.sku);
  if (isNew && line.quantity > 0 && before.lines.length >= MAX_LINES) throw tooManyLines();
  const variants = await knownVariants(ctx, line.quantity > 0 ? [...before.lines, line] : before.lines);
  if (line.quantity > 0) assertSellable(line, variants);
  const isSet = await ctx.carts.setLine({ cartId: before.id, line, at: ctx.now() });
  const after = visible(await ctx.carts.byId(id), id, actor);
  // Between the change and this reading the cart may have opened or closed once more.
  if (!isSet) {
    assertOpen(after);
    throw changedMeanwhile();
  }
  return priced(ctx, after, variants);
}

/** How often a cart that is changed while it is checked out is read and priced anew. */
const CHECKOUT_TRIES = 10;

/**
 * Makes an order of the cart. The statement that writes the order closes the cart, and only if its lines are still those that were
 * priced; else they are read and priced anew. Whoever asks again gets the same order, unless that has ended unpaid: then the
 * cart is open again, and a new order is made.
 */
export async function checkout(
  ctx: CartContext,
  actor: Actor,
  id: string,
  request: Omit<PlaceOrder, 'lines'>,
): Promise<{ order: Order; created: boolean }> {
  for (let attempt = 1; attempt <= CHECKOUT_TRIES; attempt++) {
    const cart = visible(await ctx.carts.byId(id), id, actor);
    if (cart.orderId) {
      const order = await orderById(ctx.pool, cart.orderId);
      if (order && order.customerId === actor.accountId) return { order, created: false };
    }
    assertOpen(cart);
    if (cart.lines.length === 0) throw new ProblemError('cart_empty', 'The cart holds nothing to order');
    if (cart.lines.length > MAX_LINES) throw tooManyLines();
    const placed = await placeCart(ctx, actor.accountId, cart, request);
    if (typeof placed === 'object') return { order: placed, created: true };
    // The first time the cart is read again: another request may have made the order, and that is then the answer.
    if (placed === 'over_limit' && attempt > 1) throw tooManyUnsettled();
  }
  throw changedMeanwhile();
}

/**
 * Moves the lines of another cart into a cart of the account, and closes the other one: what a guest has put in is kept at sign-in.
 * Of a SKU in both, the larger quantity wins. Doing so again changes nothing.
 */
export async function mergeCarts(ctx: CartContext, actor: Actor, id: string, fromId: string): Promise<PricedCart> {
  const merged = await ctx.pool.transaction(async (tx) => {
    const carts = await lockCarts(tx, [id, fromId]);
    const into = visible(carts.get(id), id, actor);
    const from = visible(carts.get(fromId), fromId, actor);
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

const tooManyLines = () => new ProblemError('unprocessable', `A cart holds at most ${MAX_LINES} different SKUs`);

const changedMeanwhile = () =>
  new ProblemError('conflict', 'The cart is being changed by other requests: try again', { retryAfter: 1 });

function visible(cart: Cart | undefined, id: string, actor: Actor | undefined): Cart {
  const isTheirs =
    cart && (cart.customerId === null || cart.customerId === actor?.accountId || actor?.role === 'admin');
  if (!cart || !isTheirs) throw new ProblemError('not_found', `There is no cart ${id} that you may see`);
  return cart;
}

function assertOpen(cart: Cart): void {
  if (cart.orderId) throw new ProblemError('cart_checked_out', 'The cart has become an order: make a new one');
  if (cart.mergedInto) {
    const extra = { cartId: cart.mergedInto };
    throw new ProblemError('cart_merged', 'The cart was merged into another one of your account', { extra });
  }
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
  const unknown = cart.lines.filter((line) => !known.has(line.sku));
  const variants = unknown.length > 0 ? new Map([...known, ...(await knownVariants(ctx, unknown))]) : known;
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
