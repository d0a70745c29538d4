import { uuidv7 } from '@tradepost/postgres/uuid';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyTransitions } from '../src/actions/apply-transitions.ts';
import { cancelOrder } from '../src/actions/cancel-order.ts';
import { enqueueReserved } from '../src/actions/claimed-payments.ts';
import { placeOrder } from '../src/actions/place-order.ts';
import type { PlacementContext } from '../src/actions/placement-context.ts';
import { finishPayments, type PaymentContext, pollDuePayments } from '../src/actions/process-payments.ts';
import { retryPendingReservations } from '../src/actions/retry-pending-reservations.ts';
import type { PaymentProvider } from '../src/payments/provider.ts';
import { orderById } from '../src/store/orders.ts';
import { saveProducts } from '../src/store/sellable-variants.ts';
import { orderContext, pollPayments, sandboxOn } from './order-context.ts';
import { order, product } from './shop.ts';

/** The timers of `order` alone, each turned by hand, with a provider that fails when it is told to. */
let database: TestDatabase;
let ctx: PlacementContext & PaymentContext;
let sandbox: PaymentProvider;
let failing: 'no' | 'before' | 'after' = 'no';
/** An order whose payment the provider answers when it is told to. */
let slow: { orderId: string; answered: Promise<void> } | undefined;
const customer = { accountId: uuidv7(), role: 'customer' } as const;
const never = new AbortController().signal;

beforeAll(async () => {
  database = await testDatabase(new URL('../migrations/', import.meta.url));
  const { pool } = database;
  sandbox = sandboxOn(pool);
  const provider: PaymentProvider = {
    ...sandbox,
    async initiate(request, signal) {
      if (request.key === slow?.orderId) await slow.answered;
      if (failing === 'before') throw new Error('not reached');
      const outcome = await sandbox.initiate(request, signal);
      if (failing === 'after') throw new Error('the answer was lost');
      return outcome;
    },
  };
  ctx = { ...orderContext(pool, [provider]), changed: (orders) => enqueueReserved(ctx.claimed, orders) };
  await saveProducts(pool, [product([{ sku: 'MUG', amount: 1250 }])]);
});
afterAll(() => database.drop());
beforeEach(async () => {
  failing = 'no';
  ctx.claimed = { payments: [], nextPollAt: 0 };
  await database.pool.query({ text: 'truncate orders, outbox cascade' });
});

async function reserved(): Promise<string> {
  const { lines, shippingAddress, payment } = order([{ sku: 'MUG', quantity: 2 }]);
  const request = { lines: lines as { sku: string; quantity: number }[], shippingAddress, payment };
  const placed = await placeOrder(ctx, { customerId: customer.accountId, guestEmail: null }, uuidv7(), request);
  const { id } = placed.order;
  await ctx.pool.transaction((tx) => applyTransitions(tx, ctx, [{ orderId: id, input: { type: 'stock_reserved' } }]));
  return id;
}

const change = async (text: string, id: string) => {
  await ctx.pool.query({ text: `update orders set ${text} where id = $1`, values: [id] });
  ctx.claimed.nextPollAt = 0;
};
const statusOf = async (id: string) => (await orderById(ctx.pool, id))?.status;
const charges = async (id: string) => {
  const { rows } = await ctx.pool.query<{ status: string; amount: number }>({
    text: 'select status, amount from sandbox_charge where key = $1',
    values: [id],
  });
  return rows;
};
const outbox = async () => {
  const { rows } = await ctx.pool.query<{ type: string; id: string }>({
    text: `select event->>'type' as type, event->>'id' as id from outbox order by id`,
  });
  return rows;
};

describe('a payment whose outcome is unknown', () => {
  it.each(['before', 'after'] as const)('is asked for again and charged once (lost %s the charge)', async (moment) => {
    const id = await reserved();
    failing = moment;
    expect(await pollPayments(ctx)).toBe(1);
    expect(await statusOf(id)).toBe('reserved');
    expect(await pollPayments(ctx), 'it is put off').toBe(0);
    failing = 'no';
    await change('due_at = now()', id);
    await pollPayments(ctx);
    expect(await statusOf(id)).toBe('confirmed');
    expect(await charges(id)).toEqual([{ status: 'captured', amount: 2500 }]);
  });

  it('is voided past the deadline, and the order cancelled', async () => {
    const id = await reserved();
    failing = 'before';
    await pollPayments(ctx);
    await change(`due_at = now(), pay_by = now() - interval '1 second'`, id);
    await pollPayments(ctx);
    expect(await orderById(ctx.pool, id)).toMatchObject({
      status: 'cancelled',
      reason: 'payment_not_settled_in_time',
      captured: 0,
    });
    expect(await charges(id)).toEqual([{ status: 'voided', amount: 0 }]);
    failing = 'no';
    await expect(
      sandbox.initiate(
        {
          ...{ key: id, reference: null, amount: { amount: 2500, currency: 'EUR' }, token: 'ok', capture: 'at_once' },
          ...{ orderId: id, orderNumber: 'T-10000001' },
        },
        never,
      ),
    ).resolves.toEqual({ status: 'voided' });
  });

  it('counts as paid past the deadline if the money was taken after all', async () => {
    const id = await reserved();
    failing = 'after';
    await pollPayments(ctx);
    await change(`due_at = now(), pay_by = now() - interval '1 second'`, id);
    await pollPayments(ctx);
    expect(await orderById(ctx.pool, id)).toMatchObject({ status: 'confirmed', captured: 2500, refunded: 0 });
  });

  it('is given back when the shopper cancelled meanwhile', async () => {
    const id = await reserved();
    failing = 'after';
    await pollPayments(ctx);
    expect(await cancelOrder(ctx, customer, id)).toMatchObject({ status: 'reserved', cancelRequested: true });
    await change('due_at = now()', id);
    await pollPayments(ctx);
    expect(await orderById(ctx.pool, id)).toMatchObject({ status: 'cancelled', captured: 2500, refunded: 2500 });
  });
});

describe('a payment that the provider takes its time with', () => {
  it('keeps no other waiting, and is recorded when it is answered', async () => {
    const [first, second] = [await reserved(), await reserved()];
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    slow = { orderId: first, answered };
    expect(await pollDuePayments(ctx, never)).toBe(2);
    await until(async () => (await statusOf(second)) === 'confirmed');
    const third = await reserved();
    await pollDuePayments(ctx, never);
    await until(async () => (await statusOf(third)) === 'confirmed');
    expect(await statusOf(first)).toBe('reserved');
    answer();
    await Promise.all(ctx.lateRounds);
    expect(await statusOf(first)).toBe('confirmed');
    expect(ctx.lateRounds.size).toBe(0);
  });
});

describe('an order that was reserved', () => {
  it('is paid for by the instance that reserved it, without being looked for', async () => {
    const id = await reserved();
    ctx.claimed.nextPollAt = Number.POSITIVE_INFINITY;
    expect(await pollPayments(ctx)).toBe(1);
    expect(await orderById(ctx.pool, id)).toMatchObject({ status: 'confirmed', paymentAttempts: 1 });
    expect(await pollPayments(ctx)).toBe(0);
  });

  it('is left to that instance for as long as its lease lasts, and then paid for by another', async () => {
    const id = await reserved();
    // The instance is killed.
    ctx.claimed = { payments: [], nextPollAt: 0 };
    expect(await pollPayments(ctx)).toBe(0);
    const { rows } = await ctx.pool.query<{ left: number }>({
      text: 'select extract(epoch from due_at - now())::float8 as left from orders where id = $1',
      values: [id],
    });
    expect(rows[0]?.left).toBeGreaterThan(10);
    expect(rows[0]?.left).toBeLessThanOrEqual(20);
    await change('due_at = now()', id);
    expect(await pollPayments(ctx)).toBe(1);
    expect(await orderById(ctx.pool, id)).toMatchObject({ status: 'confirmed', paymentAttempts: 2 });
  });

  it('is paid for before the instance stops, however many there are', async () => {
    const ids = await Promise.all(Array.from({ length: 120 }, reserved));
    await finishPayments(ctx, never);
    for (const id of ids) expect(await statusOf(id)).toBe('confirmed');
  });

  it('is left in the database when too many are claimed already', async () => {
    const order = await orderById(ctx.pool, await reserved());
    if (!order) throw new Error('It was just made');
    enqueueReserved(ctx.claimed, Array(3000).fill(order));
    expect(ctx.claimed.payments).toHaveLength(2000);
  });

  it('gives nothing back and takes nothing when the shopper cancels before the provider was asked', async () => {
    const id = await reserved();
    expect(await cancelOrder(ctx, customer, id)).toMatchObject({ status: 'reserved', cancelRequested: true });
    ctx.claimed.payments = [];
    await pollPayments(ctx);
    expect(await orderById(ctx.pool, id)).toMatchObject({ status: 'cancelled', captured: 0, refunded: 0 });
    expect(await charges(id)).toEqual([{ status: 'voided', amount: 0 }]);
  });
});

describe('two instances', () => {
  it('take each payment once', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, reserved));
    await ctx.pool.query({ text: 'update orders set due_at = now()' });
    ctx.claimed = { payments: [], nextPollAt: 0 };
    const taken = await Promise.all(
      [1, 2, 3].map(() => pollPayments({ ...ctx, claimed: { payments: [], nextPollAt: 0 } })),
    );
    expect(taken.reduce((sum, n) => sum + n, 0)).toBe(20);
    for (const id of ids) expect(await statusOf(id)).toBe('confirmed');
    expect((await outbox()).filter((event) => event.type === 'order.confirmed.v1')).toHaveLength(20);
  });
});

describe('an order without an answer about its stock', () => {
  async function pending(): Promise<string> {
    const { shippingAddress, payment } = order([]);
    const request = { lines: [{ sku: 'MUG', quantity: 1 }], shippingAddress, payment };
    return (await placeOrder(ctx, { customerId: customer.accountId, guestEmail: null }, uuidv7(), request)).order.id;
  }

  it('asks again under another id, and puts itself off', async () => {
    const id = await pending();
    expect(await retryPendingReservations({ ...ctx, deadlineMs: 60_000 })).toBe(0);
    await change('due_at = now()', id);
    expect(await retryPendingReservations({ ...ctx, deadlineMs: 60_000 })).toBe(1);
    expect(await retryPendingReservations({ ...ctx, deadlineMs: 60_000 })).toBe(0);
    const events = await outbox();
    expect(events.map((event) => event.type)).toEqual(['order.placed.v1', 'order.placed.v1']);
    expect(new Set(events.map((event) => event.id)).size).toBe(2);
    expect(await statusOf(id)).toBe('pending');
  });

  it('is cancelled past the deadline, so that no stock stays reserved for it', async () => {
    const id = await pending();
    await change(`due_at = now(), created_at = now() - interval '2 hours'`, id);
    await retryPendingReservations({ ...ctx, deadlineMs: 3_600_000 });
    expect(await orderById(ctx.pool, id)).toMatchObject({ status: 'cancelled', reason: 'not_reserved_in_time' });
    expect((await outbox()).map((event) => event.type)).toEqual(['order.placed.v1', 'order.cancelled.v1']);
  });
});
