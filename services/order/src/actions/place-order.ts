import { randomInt } from 'node:crypto';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { requestHash } from '@tradepost/runtime/request-hash';
import { currentTraceparent } from '@tradepost/runtime/trace';
import type { Order, OrderShipping } from '../domain/order.ts';
import { drawOrderNumber } from '../domain/order-number.ts';
import { firstTry } from '../domain/payment.ts';
import { isLimited } from '../domain/pricing/applicable.ts';
import type { Pricing } from '../domain/pricing/calculate-pricing.ts';
import type { WantedLine } from '../domain/pricing.ts';
import type { InsertOutcome, OrderOrigin } from '../store/new-orders.ts';
import { orderByKey } from '../store/orders.ts';
import type { Context } from './context.ts';
import { fieldProblem } from './field-problem.ts';
import type { Buyer } from './guests.ts';
import { orderDetails } from './order-details.ts';
import { orderPlaced } from './outgoing-events.ts';
import type { PlacementContext, PlaceOrder } from './placement-context.ts';
import { type AcceptedPrice, priceOrder } from './price-order.ts';

/** How long an answer about the stock is awaited before it is asked for again. */
const RETRY_RESERVATION_AFTER_MS = 20_000;

/** How often an order is written under another number when its number is taken. */
const NUMBER_TRIES = 20;

/**
 * Accepts an order: prices it from the local copy of the catalogue and writes it, with its event, in one statement.
 * The same key and request give the same order again, whatever has become of the prices since.
 */
export async function placeOrder(
  ctx: PlacementContext,
  buyer: Buyer,
  key: string,
  request: PlaceOrder,
): Promise<{ order: Order; created: boolean }> {
  const hash = requestHash(request);
  for (let attempt = 1; attempt <= NUMBER_TRIES; attempt++) {
    const outcome = await tryToPlace(ctx, buyer, request, { idempotencyKey: key }, hash);
    if (isOrder(outcome)) return { order: outcome, created: true };
    const before = await sameRequest(ctx, buyer.customerId, key, hash);
    if (before) return { order: before, created: false };
    if (outcome instanceof ProblemError) throw outcome;
    if (outcome === 'over_limit') throw tooManyUnsettled();
  }
  throw new Error(`No free order number was found in ${NUMBER_TRIES} tries`);
}

/**
 * Makes an order of a cart as it was read, and closes the cart in the same statement. Tells why it was not made: the cart has
 * changed since it was read, or has become an order already, or the problem for which the order is refused.
 */
export async function placeCart(
  ctx: PlacementContext,
  buyer: Buyer,
  cart: { id: string; version: number; lines: WantedLine[] },
  details: Omit<PlaceOrder, 'lines'>,
): Promise<Order | ProblemError | 'refused' | 'over_limit'> {
  const request = { ...details, lines: cart.lines };
  const origin = { cartId: cart.id, cartVersion: cart.version };
  return tryToPlace(ctx, buyer, request, origin, requestHash(request));
}

type PlacementOutcome = Order | ProblemError | 'refused' | 'over_limit';

const isOrder = (outcome: PlacementOutcome): outcome is Order =>
  typeof outcome === 'object' && !(outcome instanceof ProblemError);

/**
 * Prices what is wanted and writes the order. Where a promotion was used up meanwhile, it is priced again without it: a coupon is
 * refused then, and a total that differs from the expected one. Once it is tried again as it is, because two requests under one key
 * count as two uses as long as they are in one statement.
 */
async function tryToPlace(
  ctx: PlacementContext,
  buyer: Buyer,
  request: PlaceOrder,
  origin: OrderOrigin,
  hash: Buffer,
): Promise<PlacementOutcome> {
  const usedUp = new Set<string>();
  for (let attempt = 1; ; attempt++) {
    const priced = await priceOrder(ctx, buyer.customerId, request, usedUp);
    if (priced instanceof ProblemError) return priced;
    const order = newOrder(ctx, buyer, request, priced, 'cartId' in origin ? origin.cartId : null);
    const outcome = await insertOrder(ctx, order, {
      ...{ origin, hash, limitedPromotions: limitedPromotionsOf(priced) },
      isInvoiced: priced.shop.legalName !== null,
    });
    if (outcome === 'written') return order;
    if (typeof outcome === 'string') return outcome;
    if (attempt > 1) for (const id of outcome.usedUp) usedUp.add(id);
  }
}

/** The promotions that take something off and whose uses are counted. */
function limitedPromotionsOf({ pricing: { promotions, adjustments } }: AcceptedPrice): string[] {
  const used = new Set(adjustments.map(({ sourceId }) => sourceId));
  return promotions.filter((promotion) => used.has(promotion.id) && isLimited(promotion)).map(({ id }) => id);
}

function newOrder(
  ctx: Context,
  buyer: Buyer,
  request: PlaceOrder,
  { lines, total, vatId, shop, pricing: { taxIncluded, shipping, adjustments } }: AcceptedPrice,
  cartId: string | null,
): Order {
  const now = ctx.now();
  const { locale, ...customer } = buyer;
  return {
    id: uuidv7(),
    number: drawOrderNumber(randomInt),
    ...customer,
    cartId,
    status: 'pending',
    version: 1,
    total,
    taxIncluded,
    shipping: shipping && shippingOf(shipping),
    adjustments,
    captured: 0,
    refunded: 0,
    cancelRequested: false,
    reason: null,
    paymentProvider: request.payment.provider,
    paymentToken: request.payment.token,
    ...firstTry,
    shippingAddress: request.shippingAddress,
    details: { ...orderDetails(request, shop, vatId, now), ...(locale && { locale }) },
    reservedAt: null,
    payBy: null,
    createdAt: now,
    updatedAt: now,
    traceparent: currentTraceparent() ?? null,
    lines,
  };
}

const shippingOf = ({ method, total }: NonNullable<Pricing['shipping']>): OrderShipping => ({
  methodId: method.id,
  name: method.name,
  deliveryTime: method.deliveryTime,
  amount: total,
});

async function insertOrder(
  ctx: PlacementContext,
  order: Order,
  details: { origin: OrderOrigin; hash: Buffer; limitedPromotions: readonly string[]; isInvoiced: boolean },
): Promise<InsertOutcome> {
  const { hash, ...rest } = details;
  const dueAt = new Date(order.createdAt.getTime() + RETRY_RESERVATION_AFTER_MS);
  const event = orderPlaced(order);
  const outcome = await ctx.insert({ order, requestHash: hash, dueAt, event, ...rest });
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
