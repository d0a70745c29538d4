import { randomInt } from 'node:crypto';
import type { Money } from '@tradepost/contracts/money';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { requestHash } from '@tradepost/runtime/request-hash';
import { currentTraceparent } from '@tradepost/runtime/trace';
import type { Order, OrderLine } from '../domain/order.ts';
import { drawOrderNumber } from '../domain/order-number.ts';
import type { WantedLine } from '../domain/pricing.ts';
import type { InsertOutcome, OrderOrigin } from '../store/new-orders.ts';
import { orderByKey } from '../store/orders.ts';
import type { Context } from './context.ts';
import { orderPlaced } from './outgoing-events.ts';
import type { PlacementContext, PlaceOrder } from './placement-context.ts';
import { fieldProblem, priceOrder } from './price-order.ts';

/** How long an answer about the stock is awaited before it is asked for again. */
const NUDGE_AFTER_MS = 20_000;

/** How often an order is written under another number when its number is taken. */
const NUMBER_TRIES = 20;

/**
 * Accepts an order: prices it from the local copy of the catalogue and writes it, with its event, in one statement.
 * The same key and request give the same order again, whatever has become of the prices since.
 */
export async function placeOrder(
  ctx: PlacementContext,
  customerId: string,
  key: string,
  request: PlaceOrder,
): Promise<{ order: Order; created: boolean }> {
  const hash = requestHash(request);
  const decided = await priceOrder(ctx, request);
  for (let attempt = 1; attempt <= NUMBER_TRIES; attempt++) {
    const order = decided instanceof ProblemError ? null : newOrder(ctx, customerId, request, decided);
    const outcome = order && (await insertOrder(ctx, order, { idempotencyKey: key }, hash));
    if (order && outcome === 'written') return { order, created: true };
    const before = await sameRequest(ctx, customerId, key, hash);
    if (before) return { order: before, created: false };
    if (decided instanceof ProblemError) throw decided;
    if (outcome === 'over_limit') throw tooManyUnsettled();
  }
  throw new Error(`No free order number was found in ${NUMBER_TRIES} tries`);
}

/**
 * Makes an order of a cart as it was read, and closes the cart in the same statement. Tells why it was not made: the cart has
 * changed since it was read, or has become an order already.
 */
export async function placeCart(
  ctx: PlacementContext,
  customerId: string,
  cart: { id: string; version: number; lines: WantedLine[] },
  details: Omit<PlaceOrder, 'lines'>,
): Promise<Order | Exclude<InsertOutcome, 'written'>> {
  const request = { ...details, lines: cart.lines };
  const decided = await priceOrder(ctx, request);
  if (decided instanceof ProblemError) throw decided;
  const order = newOrder(ctx, customerId, request, decided, cart.id);
  const origin = { cartId: cart.id, cartVersion: cart.version };
  const outcome = await insertOrder(ctx, order, origin, requestHash(request));
  return outcome === 'written' ? order : outcome;
}

type PricedLines = { lines: OrderLine[]; total: Money };

function newOrder(
  ctx: Context,
  customerId: string,
  request: PlaceOrder,
  { lines, total }: PricedLines,
  cartId: string | null = null,
): Order {
  const now = ctx.now();
  return {
    id: uuidv7(),
    number: drawOrderNumber(randomInt),
    customerId,
    cartId,
    status: 'pending',
    version: 1,
    total,
    captured: 0,
    refunded: 0,
    cancelRequested: false,
    reason: null,
    paymentProvider: request.payment.provider,
    paymentToken: request.payment.token,
    paymentAttempts: 0,
    shippingAddress: request.shippingAddress,
    reservedAt: null,
    createdAt: now,
    updatedAt: now,
    traceparent: currentTraceparent() ?? null,
    lines,
  };
}

async function insertOrder(
  ctx: PlacementContext,
  order: Order,
  origin: OrderOrigin,
  hash: Buffer,
): Promise<InsertOutcome> {
  const dueAt = new Date(order.createdAt.getTime() + NUDGE_AFTER_MS);
  const outcome = await ctx.insert({ order, origin, requestHash: hash, dueAt, event: orderPlaced(order) });
  if (outcome === 'written') ctx.changed([order]);
  return outcome;
}

/** Orders are settled within seconds, unless stock or payment is slow to answer. */
const TRY_AGAIN_SECONDS = 10;

export const tooManyUnsettled = (): ProblemError =>
  new ProblemError(
    'too_many_unsettled_orders',
    'The account has as many orders, or as many units in them, waiting for stock and payment as it may have: try again when some of them are settled',
    { retryAfter: TRY_AGAIN_SECONDS },
  );

async function sameRequest(ctx: Context, customerId: string, key: string, hash: Buffer): Promise<Order | null> {
  const before = await orderByKey(ctx.pool, customerId, key);
  if (!before) return null;
  if (before.requestHash.equals(hash)) return before.order;
  throw fieldProblem(
    'idempotency_key_reused',
    'This key has made another order: send a new key for a new order',
    'Idempotency-Key',
  );
}
