import { randomInt } from 'node:crypto';
import type { Money } from '@tradepost/contracts/money';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { createBatcher } from '@tradepost/postgres/batch';
import { newEvent } from '@tradepost/postgres/outbox';
import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { requestHash } from '@tradepost/runtime/request-hash';
import { currentTraceparent } from '@tradepost/runtime/trace';
import type { Address, Order, OrderLine } from '../domain/order.ts';
import { drawOrderNumber } from '../domain/order-number.ts';
import { priceLines, type SellableVariant, type WantedLine } from '../domain/pricing.ts';
import type { PaymentProviders } from '../payments/provider.ts';
import {
  type InsertOutcome,
  insertOrders,
  type NewOrder,
  type OrderOrigin,
  type UnsettledLimits,
} from '../store/new-orders.ts';
import { orderByKey } from '../store/orders.ts';
import { variantsBySku } from '../store/sellable-variants.ts';
import type { Context } from './context.ts';

export type PlaceOrder = {
  lines: WantedLine[];
  shippingAddress: Address;
  payment: { provider: string; token: string };
  expectedTotal?: Money;
  couponCode?: string;
};

export type PlacementContext = Context & {
  providers: PaymentProviders;
  /** Asks `product` for SKUs that are not known here yet; empty where it does not know them either. */
  fetchVariants: (skus: readonly string[]) => Promise<Map<string, SellableVariant>>;
} & PlacementBatches;

/** The statements of placing an order, each for all requests that come to it at the same time. */
type PlacementBatches = {
  /** What is known of these SKUs here, and perhaps of others. */
  variants: (skus: readonly string[]) => Promise<Map<string, SellableVariant>>;
  insert: (order: NewOrder) => Promise<InsertOutcome>;
};

/** How long an answer about the stock is awaited before it is asked for again. */
const NUDGE_AFTER_MS = 20_000;

export function batchPlacementStatements(pool: Pool, limits: UnsettledLimits): PlacementBatches {
  return {
    variants: createBatcher(async (asked: readonly (readonly string[])[]) => {
      const found = await variantsBySku(pool, [...new Set(asked.flat())]);
      return asked.map(() => found);
    }),
    insert: createBatcher((orders: readonly NewOrder[]) => insertOrders(pool, orders, limits)),
  };
}

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
  const decided = await decide(ctx, request);
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
  const decided = await decide(ctx, request);
  if (decided instanceof ProblemError) throw decided;
  const order = newOrder(ctx, customerId, request, decided, cart.id);
  const origin = { cartId: cart.id, cartVersion: cart.version };
  const outcome = await insertOrder(ctx, order, origin, requestHash(request));
  return outcome === 'written' ? order : outcome;
}

type Priced = { lines: OrderLine[]; total: Money };

function newOrder(
  ctx: Context,
  customerId: string,
  request: PlaceOrder,
  { lines, total }: Priced,
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

/** The event that asks `product` to reserve; sent again, under another id, when no answer comes. */
export function orderPlaced(order: Order) {
  return newEvent({
    source: '/order',
    type: 'order.placed.v1',
    subject: order.id,
    traceparent: order.traceparent ?? undefined,
    data: {
      orderId: order.id,
      customerId: order.customerId,
      placedAt: order.createdAt.toISOString(),
      total: order.total,
      lines: order.lines.map(({ sku, quantity, unitPrice, priceVersion }) => ({
        sku,
        quantity,
        unitPrice,
        priceVersion,
      })),
    },
  });
}

async function decide(ctx: PlacementContext, request: PlaceOrder) {
  const provider = ctx.providers.get(request.payment.provider);
  if (!provider) {
    const known = [...ctx.providers.keys()].join(', ');
    return problem('unknown_payment_provider', `${request.payment.provider} is none of: ${known}`, '/payment/provider');
  }
  const tokenProblem = provider.tokenProblem(request.payment.token);
  if (tokenProblem) return problem('payment_token_refused', tokenProblem, '/payment/token');
  if (request.couponCode !== undefined) {
    return problem('coupon_not_valid', `There is no coupon ${request.couponCode}`, '/couponCode');
  }
  const priced = priceLines(request.lines, await knownVariants(ctx, request.lines));
  if (!priced.ok) return new ProblemError(priced.code, priced.detail, { errors: priced.errors });
  const { expectedTotal } = request;
  if (expectedTotal && !sameMoney(expectedTotal, priced.total)) {
    const detail = `The total is ${priced.total.amount} ${priced.total.currency} now, not ${expectedTotal.amount} ${expectedTotal.currency}`;
    return new ProblemError('price_changed', detail, {
      errors: [{ field: '/expectedTotal', message: detail }],
      extra: { total: priced.total },
    });
  }
  return priced;
}

/** The local copy, and for what it has not heard of yet, `product` itself. */
export async function knownVariants(
  ctx: Pick<PlacementContext, 'variants' | 'fetchVariants'>,
  lines: readonly WantedLine[],
): Promise<Map<string, SellableVariant>> {
  const skus = lines.map((line) => line.sku);
  const known = await ctx.variants(skus);
  const missing = skus.filter((sku) => !known.has(sku));
  return missing.length === 0 ? known : new Map([...known, ...(await ctx.fetchVariants(missing))]);
}

async function sameRequest(ctx: Context, customerId: string, key: string, hash: Buffer): Promise<Order | null> {
  const before = await orderByKey(ctx.pool, customerId, key);
  if (!before) return null;
  if (before.requestHash.equals(hash)) return before.order;
  throw problem(
    'idempotency_key_reused',
    'This key has made another order: send a new key for a new order',
    'Idempotency-Key',
  );
}

const sameMoney = (a: Money, b: Money): boolean => a.amount === b.amount && a.currency === b.currency;

const problem = (code: ConstructorParameters<typeof ProblemError>[0], message: string, field: string): ProblemError =>
  new ProblemError(code, message, { errors: [{ field, message }] });
