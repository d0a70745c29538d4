import type { Money } from '@tradepost/contracts/money';
import { Refusal } from '@tradepost/contracts/refusal';
import { gather } from '@tradepost/postgres/gathering';
import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { Order } from '../domain/order.ts';
import { price, type SellableVariant, type WantedLine } from '../domain/pricing.ts';
import {
  type Cart,
  type CartChange,
  type ClosedCart,
  cartsById,
  closeCarts,
  insertCarts,
  type NewCart,
  setCartLines,
} from '../store/carts.ts';
import { orderById } from '../store/orders.ts';
import type { Actor } from './access.ts';
import { knownVariants, type PlaceOrder, type Placing, placeOrder } from './place-order.ts';

/** The most different SKUs that a cart, and so an order, holds. */
export const MAX_LINES = 100;

export type PricedCart = {
  id: string;
  orderId: string | null;
  lines: { sku: string; quantity: number; variant: SellableVariant | undefined }[];
  /** Null while the cart holds something that cannot be sold, or nothing. */
  total: Money | null;
  updatedAt: Date;
};

/** What carts need; each statement is one for all requests that come to it at the same time. */
export type Carting = Placing & { carts: ReturnType<typeof gatherCarts> };

export function gatherCarts(pool: Pool) {
  return {
    byId: gather(async (ids: readonly string[]) => {
      const found = await cartsById(pool, ids);
      return ids.map((id) => found.get(id.toLowerCase()));
    }),
    insert: gather(async (carts: readonly NewCart[]) => {
      await insertCarts(pool, carts);
      return carts.map(() => undefined);
    }),
    setLine: gather((changes: readonly CartChange[]) => setCartLines(pool, changes)),
    close: gather(async (carts: readonly ClosedCart[]) => {
      await closeCarts(pool, carts);
      return carts.map(() => undefined);
    }),
  };
}

export async function createCart(ctx: Carting, actor: Actor | undefined): Promise<PricedCart> {
  const id = uuidv7();
  const now = ctx.now();
  await ctx.carts.insert({ id, customerId: actor?.accountId ?? null, createdAt: now });
  return { id, orderId: null, lines: [], total: null, updatedAt: now };
}

export async function readCart(ctx: Carting, actor: Actor | undefined, id: string): Promise<PricedCart> {
  return priced(ctx, visible(await ctx.carts.byId(id), id, actor));
}

/** Sets the quantity of one SKU; 0 removes it. Doing so again changes nothing. */
export async function setLine(
  ctx: Carting,
  actor: Actor | undefined,
  id: string,
  line: { sku: string; quantity: number },
): Promise<PricedCart> {
  const before = visible(await ctx.carts.byId(id), id, actor);
  if (before.orderId) throw checkedOut();
  const isNew = !before.lines.some((known) => known.sku === line.sku);
  if (isNew && line.quantity > 0 && before.lines.length >= MAX_LINES) {
    throw new Refusal('unprocessable', `A cart holds at most ${MAX_LINES} different SKUs`);
  }
  const variants = await knownVariants(ctx, line.quantity > 0 ? [...before.lines, line] : before.lines);
  if (line.quantity > 0) refuseUnsellable(line, variants);
  if (!(await ctx.carts.setLine({ cartId: before.id, line, at: ctx.now() }))) throw checkedOut();
  return priced(ctx, visible(await ctx.carts.byId(id), id, actor), variants);
}

/**
 * Makes an order of the cart. The order is placed first and the cart closed after it: whoever asks again in between,
 * or after a crash, gets the same order, since the key of the order is made of the cart.
 */
export async function checkout(
  ctx: Carting,
  actor: Actor,
  id: string,
  request: Omit<PlaceOrder, 'lines'>,
): Promise<{ order: Order; created: boolean }> {
  const cart = visible(await ctx.carts.byId(id), id, actor);
  if (cart.orderId) {
    const order = await orderById(ctx.pool, cart.orderId);
    if (order && order.customerId === actor.accountId) return { order, created: false };
    throw checkedOut();
  }
  if (cart.lines.length === 0) throw new Refusal('cart_empty', 'The cart holds nothing to order');
  const placed = await placeOrder(ctx, actor.accountId, `cart:${cart.id}`, { ...request, lines: cart.lines });
  await ctx.carts.close({ cartId: cart.id, orderId: placed.order.id, customerId: actor.accountId });
  return placed;
}

function visible(cart: Cart | undefined, id: string, actor: Actor | undefined): Cart {
  const isTheirs =
    cart && (cart.customerId === null || cart.customerId === actor?.accountId || actor?.role === 'admin');
  if (!cart || !isTheirs) throw new Refusal('not_found', `There is no cart ${id} that you may see`);
  return cart;
}

const checkedOut = () => new Refusal('cart_checked_out', 'The cart has become an order: make a new one');

function refuseUnsellable(line: WantedLine, variants: ReadonlyMap<string, SellableVariant>): void {
  const answer = price([line], variants);
  if (answer.ok) return;
  throw new Refusal(answer.code, answer.detail, { errors: [{ field: 'sku', message: answer.detail }] });
}

/** `known` are variants that were just read. */
async function priced(
  ctx: Carting,
  cart: Cart,
  known: ReadonlyMap<string, SellableVariant> = new Map(),
): Promise<PricedCart> {
  const unknown = cart.lines.filter((line) => !known.has(line.sku));
  const variants = unknown.length > 0 ? new Map([...known, ...(await knownVariants(ctx, unknown))]) : known;
  const answer = cart.lines.length > 0 ? price(cart.lines, variants) : null;
  return {
    id: cart.id,
    orderId: cart.orderId,
    lines: cart.lines.map((line) => ({ ...line, variant: variants.get(line.sku) })),
    total: answer?.ok ? answer.total : null,
    updatedAt: cart.updatedAt,
  };
}
