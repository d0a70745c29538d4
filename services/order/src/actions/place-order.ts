import type { Money } from '@tradepost/contracts/money';
import { Refusal } from '@tradepost/contracts/refusal';
import { gather } from '@tradepost/postgres/gathering';
import { newEvent } from '@tradepost/postgres/outbox';
import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { requestHash } from '@tradepost/runtime/request-hash';
import { currentTraceparent } from '@tradepost/runtime/trace';
import type { Address, Order } from '../domain/order.ts';
import { price, type SellableVariant, type WantedLine } from '../domain/pricing.ts';
import type { PaymentProviders } from '../payments/provider.ts';
import { insertOrders, type NewOrder, orderByKey } from '../store/orders.ts';
import { variantsBySku } from '../store/sellable-variants.ts';
import type { Context } from './context.ts';

export type PlaceOrder = {
  lines: WantedLine[];
  shippingAddress: Address;
  payment: { provider: string; token: string };
  expectedTotal?: Money;
  couponCode?: string;
};

export type Placing = Context & {
  providers: PaymentProviders;
  /** Asks `product` for SKUs that are not known here yet; empty where it does not know them either. */
  fetchVariants: (skus: readonly string[]) => Promise<Map<string, SellableVariant>>;
} & Gathered;

/** The statements of placing an order, each for all requests that come to it at the same time. */
type Gathered = {
  /** What is known of these SKUs here, and perhaps of others. */
  variants: (skus: readonly string[]) => Promise<Map<string, SellableVariant>>;
  /** False when the customer has used the key before. */
  insert: (order: NewOrder) => Promise<boolean>;
};

/** How long an answer about the stock is awaited before it is asked for again. */
const NUDGE_AFTER_MS = 20_000;

export function gatherPlacing(pool: Pool): Gathered {
  return {
    variants: gather(async (asked: readonly (readonly string[])[]) => {
      const found = await variantsBySku(pool, [...new Set(asked.flat())]);
      return asked.map(() => found);
    }),
    insert: gather((orders: readonly NewOrder[]) => insertOrders(pool, orders)),
  };
}

/**
 * Accepts an order: prices it from the local copy of the catalogue and writes it, with its event, in one statement.
 * The same key and request give the same order again, whatever has become of the prices since.
 */
export async function placeOrder(
  ctx: Placing,
  customerId: string,
  key: string,
  request: PlaceOrder,
): Promise<{ order: Order; created: boolean }> {
  const hash = requestHash(request);
  const decided = await decide(ctx, request);
  if (decided instanceof Refusal) {
    const before = await sameRequest(ctx, customerId, key, hash);
    if (before) return { order: before, created: false };
    throw decided;
  }
  const now = ctx.now();
  const order: Order = {
    id: uuidv7(),
    customerId,
    status: 'pending',
    version: 1,
    total: decided.total,
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
    lines: decided.lines,
  };
  const inserted = await ctx.insert({
    order,
    idempotencyKey: key,
    requestHash: hash,
    dueAt: new Date(now.getTime() + NUDGE_AFTER_MS),
    event: orderPlaced(order),
  });
  if (!inserted) {
    const before = await sameRequest(ctx, customerId, key, hash);
    if (!before) throw new Error(`Order with key of ${customerId} neither inserted nor found`);
    return { order: before, created: false };
  }
  ctx.changed([order]);
  return { order, created: true };
}

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

async function decide(ctx: Placing, request: PlaceOrder) {
  const provider = ctx.providers.get(request.payment.provider);
  if (!provider) {
    const known = [...ctx.providers.keys()].join(', ');
    return refuse('unknown_payment_provider', `${request.payment.provider} is none of: ${known}`, '/payment/provider');
  }
  const objection = provider.refuseToken(request.payment.token);
  if (objection) return refuse('payment_token_refused', objection, '/payment/token');
  if (request.couponCode !== undefined) {
    return refuse('coupon_not_valid', `There is no coupon ${request.couponCode}`, '/couponCode');
  }
  const priced = price(request.lines, await knownVariants(ctx, request.lines));
  if (!priced.ok) return new Refusal(priced.code, priced.detail, { errors: priced.errors });
  const { expectedTotal } = request;
  if (expectedTotal && !sameMoney(expectedTotal, priced.total)) {
    const detail = `The total is ${priced.total.amount} ${priced.total.currency} now, not ${expectedTotal.amount} ${expectedTotal.currency}`;
    return new Refusal('price_changed', detail, {
      errors: [{ field: '/expectedTotal', message: detail }],
      extra: { total: priced.total },
    });
  }
  return priced;
}

/** The local copy, and for what it has not heard of yet, `product` itself. */
export async function knownVariants(
  ctx: Pick<Placing, 'variants' | 'fetchVariants'>,
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
  throw refuse(
    'idempotency_key_reused',
    'This key has made another order: send a new key for a new order',
    'Idempotency-Key',
  );
}

const sameMoney = (a: Money, b: Money): boolean => a.amount === b.amount && a.currency === b.currency;

const refuse = (code: ConstructorParameters<typeof Refusal>[0], message: string, field: string): Refusal =>
  new Refusal(code, message, { errors: [{ field, message }] });
