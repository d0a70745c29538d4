// Long: all cases share one database
import { uuidv7 } from '@tradepost/postgres/uuid';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../src/actions/access.ts';
import { applyTransitions } from '../src/actions/apply-transitions.ts';
import { cancelOrder } from '../src/actions/cancel-order.ts';
import { captureOrder } from '../src/actions/capture-order.ts';
import { enqueueReserved } from '../src/actions/claimed-payments.ts';
import { fulfilOrder } from '../src/actions/fulfil-order.ts';
import { checkPayment, type PayContext, payOrder } from '../src/actions/pay-order.ts';
import { placeOrder } from '../src/actions/place-order.ts';
import type { PlacementContext } from '../src/actions/placement-context.ts';
import { processRefunds } from '../src/actions/process-refunds.ts';
import type { Order } from '../src/domain/order.ts';
import { manualProvider } from '../src/payments/manual.ts';
import { answerChallenge } from '../src/payments/sandbox/charges.ts';
import { findImbalances, ledgerOfOrder } from '../src/store/ledger.ts';
import { orderById } from '../src/store/orders.ts';
import { saveProducts } from '../src/store/sellable-variants.ts';
import { orderContext, pollPayments, sandboxOn } from './order-context.ts';
import { order as newOrder, product } from './shop.ts';

/** Payments that wait for somebody, with the timers of `order` turned by hand. */
let database: TestDatabase;
let ctx: PlacementContext & PayContext;
const customer: Actor = { accountId: uuidv7(), role: 'customer' };
const admin: Actor = { accountId: uuidv7(), role: 'admin', isOperator: true };
const never = new AbortController().signal;
const sandbox = (token: string) => ({ provider: 'sandbox', token });

beforeAll(async () => {
  database = await testDatabase(new URL('../migrations/', import.meta.url));
  const { pool } = database;
  const manual = manualProvider({ deadlineMs: 86_400_000, instructions: 'IBAN DE02 1203 0000 0000 2020 51' });
  const base = orderContext(pool, [sandboxOn(pool), manual]);
  ctx = { ...base, changed: (orders) => enqueueReserved(base.claimed, orders) };
  await saveProducts(pool, [product([{ sku: 'MUG', amount: 1250 }])]);
});
afterAll(() => database.drop());
beforeEach(async () => {
  ctx.capture = 'at_once';
  ctx.claimed.payments.length = 0;
  ctx.claimed.nextPollAt = 0;
  await database.pool.query({ text: 'truncate orders, outbox, sandbox_charge cascade' });
});

async function place(payment: { provider: string; token: string }): Promise<string> {
  const { shippingAddress } = newOrder([]);
  const request = { lines: [{ sku: 'MUG', quantity: 2 }], shippingAddress, payment };
  const { order } = await placeOrder(ctx, { customerId: customer.accountId, guestEmail: null }, uuidv7(), request);
  await ctx.pool.transaction((tx) =>
    applyTransitions(tx, ctx, [{ orderId: order.id, input: { type: 'stock_reserved' } }]),
  );
  await pollPayments(ctx);
  return order.id;
}

async function read(id: string): Promise<Order> {
  const order = await orderById(ctx.pool, id);
  if (!order) throw new Error('The order was placed');
  return order;
}

/** Makes a payment due now. */
async function turn(id: string, more = ''): Promise<void> {
  await ctx.pool.query({ text: `update orders set due_at = now()${more} where id = $1`, values: [id] });
  ctx.claimed.nextPollAt = 0;
  await pollPayments(ctx);
}

const pastDeadline = `, pay_by = now() - interval '1 second'`;

/** What the shopper does at their bank. */
async function answer(id: string, isApproved: boolean): Promise<boolean> {
  const { paymentAction } = await read(id);
  if (paymentAction?.type !== 'redirect') throw new Error('The bank asks nothing');
  const challenge = paymentAction.redirectUrl.slice('/sandbox/payments/'.length);
  return answerChallenge(ctx.pool, { challenge, isApproved }, false);
}

const typesOf = async (id: string) => (await ledgerOfOrder(ctx.pool, id)).map(({ type }) => type);
const balances = async () => expect(await findImbalances(ctx.pool, 10)).toEqual([]);

describe('3-D Secure', () => {
  it('waits for the shopper, and is confirmed when the provider is asked again', async () => {
    const id = await place(sandbox('3ds'));
    expect(await read(id)).toMatchObject({ status: 'awaiting_payment', paymentToken: null, captured: 0 });
    expect(await checkPayment(ctx, customer, id)).toMatchObject({ status: 'awaiting_payment' });
    expect(await answer(id, true)).toBe(true);
    expect(await checkPayment(ctx, customer, id)).toMatchObject({ status: 'confirmed', captured: 2500 });
    expect(await typesOf(id)).toEqual(['capture']);
    await balances();
  });

  it('is found out without the shopper coming back, and without any message', async () => {
    const id = await place(sandbox('3ds'));
    await answer(id, true);
    await turn(id);
    expect(await read(id)).toMatchObject({ status: 'confirmed', captured: 2500 });
  });

  it('that the shopper refuses can be paid by another card, and then once', async () => {
    const id = await place(sandbox('3ds'));
    await answer(id, false);
    expect(await checkPayment(ctx, customer, id)).toMatchObject({ paymentProblem: 'payment_declined' });
    await payOrder(ctx, customer, id, sandbox('ok'));
    await pollPayments(ctx);
    expect(await read(id)).toMatchObject({ status: 'confirmed', paymentTry: 2, captured: 2500 });
    await balances();
  });

  it('from which the shopper never comes back ends at the deadline, and cannot be confirmed any more', async () => {
    const id = await place(sandbox('3ds'));
    await turn(id, pastDeadline);
    expect(await read(id)).toMatchObject({ status: 'cancelled', reason: 'payment_not_settled_in_time' });
    const { rows } = await ctx.pool.query<{ status: string }>({ text: 'select status from sandbox_charge' });
    expect(rows).toEqual([{ status: 'voided' }]);
  });

  it('is confirmed at the deadline if the shopper had agreed by then', async () => {
    const id = await place(sandbox('3ds'));
    await answer(id, true);
    await turn(id, pastDeadline);
    expect(await read(id)).toMatchObject({ status: 'confirmed', captured: 2500 });
  });

  it('is called off before another card is asked, so that nothing is paid twice', async () => {
    const id = await place(sandbox('3ds'));
    const before = (await read(id)).paymentAction;
    await payOrder(ctx, customer, id, sandbox('ok'));
    await pollPayments(ctx);
    expect(await read(id)).toMatchObject({ status: 'confirmed', paymentTry: 2 });
    const challenge = before?.type === 'redirect' ? before.redirectUrl.slice('/sandbox/payments/'.length) : '';
    expect(await answerChallenge(ctx.pool, { challenge, isApproved: true }, false), 'too late').toBe(false);
  });

  it('that was agreed to pays the order, and another card is not asked', async () => {
    const id = await place(sandbox('3ds'));
    await answer(id, true);
    expect(await payOrder(ctx, customer, id, sandbox('ok'))).toMatchObject({ status: 'confirmed', paymentTry: 1 });
    await balances();
  });
});

describe('a declined payment', () => {
  it('is tried again as often as one likes until the deadline, each time under a key of its own', async () => {
    const id = await place(sandbox('declined'));
    for (const paymentTry of [2, 3]) {
      await payOrder(ctx, customer, id, sandbox('declined'));
      await pollPayments(ctx);
      expect(await read(id)).toMatchObject({ status: 'awaiting_payment', paymentTry, reservedAt: expect.any(Date) });
    }
    await turn(id, pastDeadline);
    expect(await read(id)).toMatchObject({ status: 'cancelled', reason: 'payment_declined' });
    const again = payOrder(ctx, customer, id, sandbox('ok'));
    await expect(again).rejects.toMatchObject({ code: 'order_not_payable' });
  });

  it('is looked at again at the deadline and not before', async () => {
    const id = await place(sandbox('declined'));
    await turn(id);
    const { rows } = await ctx.pool.query<{ left: number }>({
      text: 'select extract(epoch from due_at - reserved_at)::float8 as left from orders',
    });
    expect(rows[0]?.left).toBeGreaterThan(60);
    expect(rows[0]?.left).toBeLessThan(70);
    expect((await read(id)).status).toBe('awaiting_payment');
  });

  it('is for its customer to pay, with a means that the shop has', async () => {
    const id = await place(sandbox('declined'));
    const stranger: Actor = { accountId: uuidv7(), role: 'customer' };
    await expect(payOrder(ctx, stranger, id, sandbox('ok'))).rejects.toMatchObject({ code: 'not_found' });
    const problems = [
      [{ provider: 'acme', token: 'x' }, 'unknown_payment_provider', '/provider'],
      [sandbox('gold'), 'payment_token_refused', '/token'],
    ] as const;
    for (const [choice, code, field] of problems) {
      await expect(payOrder(ctx, customer, id, choice)).rejects.toMatchObject({ code, errors: [{ field }] });
    }
    expect(await read(id)).toMatchObject({ status: 'awaiting_payment', paymentTry: 1 });
  });
});

describe('an outcome that comes later', () => {
  it('is asked for until it is there', async () => {
    const id = await place(sandbox('processing'));
    expect((await read(id)).status).toBe('reserved');
    await turn(id);
    expect((await read(id)).status).toBe('reserved');
    await ctx.pool.query({ text: `update sandbox_charge set created_at = now() - interval '5 seconds'` });
    await turn(id);
    expect(await read(id)).toMatchObject({ status: 'confirmed', captured: 2500 });
  });
});

describe('money that is taken when the goods are sent', () => {
  const parcel = (captureSeconds: number) => ({ key: uuidv7(), request: {}, captureSeconds });

  beforeEach(() => {
    ctx.capture = 'when_sent';
  });

  it('is taken before the parcel is recorded', async () => {
    const id = await place(sandbox('ok'));
    expect(await read(id)).toMatchObject({ status: 'authorized', captured: 0 });
    const first = parcel(0);
    await expect(fulfilOrder(ctx, admin, id, first)).rejects.toMatchObject({ code: 'payment_not_captured' });
    expect(await read(id)).toMatchObject({ captureRequested: true, lines: [{ fulfilled: 0 }] });
    await pollPayments(ctx);
    expect(await read(id)).toMatchObject({ status: 'confirmed', captured: 2500 });
    await fulfilOrder(ctx, admin, id, first);
    expect(await read(id)).toMatchObject({ status: 'fulfilled' });
    expect(await typesOf(id)).toEqual(['authorization', 'authorization_released', 'capture']);
    await balances();
  });

  it('is waited for by the parcel', async () => {
    const id = await place(sandbox('ok'));
    const sending = fulfilOrder(ctx, admin, id, parcel(30));
    await until(async () => {
      await pollPayments(ctx);
      return (await read(id)).status === 'confirmed';
    });
    await ctx.orderChanges.poll();
    await expect(sending).resolves.toMatchObject({ lines: [{ sku: 'MUG', quantity: 2 }] });
  });

  it('is let go when the order is cancelled', async () => {
    const id = await place(sandbox('ok'));
    expect(await cancelOrder(ctx, customer, id)).toMatchObject({ status: 'authorized', cancelRequested: true });
    await turn(id);
    expect(await read(id)).toMatchObject({ status: 'cancelled', captured: 0, refunded: 0 });
    expect(await typesOf(id)).toEqual(['authorization', 'authorization_released']);
    await balances();
  });

  it('goes back when it was asked for and the order is cancelled before the answer', async () => {
    const id = await place(sandbox('ok'));
    await captureOrder(ctx, admin, id);
    await cancelOrder(ctx, customer, id);
    await turn(id);
    expect(await read(id)).toMatchObject({ status: 'cancelled', captured: 2500, refunded: 2500 });
    await processRefunds(ctx, never);
    expect(await typesOf(id)).toEqual([
      ...['authorization', 'authorization_released', 'capture', 'refund_booked', 'refund_made'],
    ]);
    await balances();
  });

  it('is not sent when the bank has withdrawn its authorisation', async () => {
    const id = await place(sandbox('ok'));
    await ctx.pool.query({ text: `update sandbox_charge set status = 'voided'` });
    await captureOrder(ctx, admin, id);
    await turn(id);
    expect(await read(id)).toMatchObject({ status: 'cancelled', captured: 0, reason: 'payment_cancelled' });
  });
});

describe('payments without a provider', () => {
  it('by transfer have bank details, and are confirmed by an operator alone', async () => {
    const id = await place({ provider: 'manual', token: 'bank_transfer' });
    expect(await read(id)).toMatchObject({
      status: 'awaiting_payment',
      paymentReference: 'bank_transfer',
      paymentAction: { type: 'bank_transfer', instructions: expect.stringContaining('DE02') },
    });
    const { reservedAt, payBy } = await read(id);
    expect(Number(payBy) - Number(reservedAt), 'its deadline is another').toBe(86_400_000);
    await expect(captureOrder(ctx, customer, id)).rejects.toMatchObject({ code: 'forbidden' });
    await captureOrder(ctx, admin, id);
    await turn(id);
    expect(await read(id)).toMatchObject({ status: 'confirmed', captured: 2500 });
    expect(await captureOrder(ctx, admin, id), 'once').toMatchObject({ captured: 2500 });
    await balances();
  });

  it('by transfer end when no money has come', async () => {
    const id = await place({ provider: 'manual', token: 'bank_transfer' });
    await turn(id, `, pay_by = now() - interval '1 second'`);
    expect(await read(id)).toMatchObject({ status: 'cancelled', reason: 'payment_not_settled_in_time' });
  });

  it('by transfer can be changed to a card, which then has the time that cards have', async () => {
    const id = await place({ provider: 'manual', token: 'bank_transfer' });
    await ctx.pool.query({ text: `update orders set pay_by = now() + interval '3 hours'` });
    await payOrder(ctx, customer, id, sandbox('3ds'));
    await pollPayments(ctx);
    expect(await read(id)).toMatchObject({ status: 'awaiting_payment', paymentTry: 2 });
    await payOrder(ctx, customer, id, sandbox('declined'));
    await turn(id, pastDeadline);
    expect((await read(id)).status, 'but not more with each card').toBe('cancelled');
  });

  it('have no more time by another provider than it gives from the reservation on', async () => {
    const id = await place(sandbox('declined'));
    await ctx.pool.query({ text: `update orders set reserved_at = now() - interval '30 hours'` });
    const { payBy } = await read(id);
    await payOrder(ctx, customer, id, { provider: 'manual', token: 'bank_transfer' });
    expect(await read(id)).toMatchObject({ status: 'reserved', paymentTry: 2, payBy });
  });

  it('by transfer are not changed once an operator has said that the money is there', async () => {
    const id = await place({ provider: 'manual', token: 'bank_transfer' });
    await captureOrder(ctx, admin, id);
    expect(await payOrder(ctx, customer, id, sandbox('ok'))).toMatchObject({ paymentTry: 1, captureRequested: true });
    await turn(id);
    expect(await read(id)).toMatchObject({ status: 'confirmed', captured: 2500, paymentProvider: 'manual' });
  });

  it.each(['invoice', 'on_delivery'])('%s: are sent first, and paid afterwards', async (token) => {
    const id = await place({ provider: 'manual', token });
    expect(await read(id)).toMatchObject({ status: 'authorized', sendsFirst: true });
    await fulfilOrder(ctx, admin, id, { key: uuidv7(), request: {}, captureSeconds: 0 });
    expect(await read(id)).toMatchObject({ status: 'authorized', lines: [{ fulfilled: 2 }] });
    await expect(cancelOrder(ctx, customer, id)).rejects.toMatchObject({ code: 'order_not_cancellable' });
    await captureOrder(ctx, admin, id);
    await turn(id);
    expect(await read(id)).toMatchObject({ status: 'fulfilled', captured: 2500 });
    expect(await typesOf(id)).toEqual(['capture']);
    await balances();
  });

  it('refuse what cannot be captured', async () => {
    const id = await place(sandbox('declined'));
    await expect(captureOrder(ctx, admin, id)).rejects.toMatchObject({ code: 'order_not_capturable' });
  });
});

it('nothing is asked of a provider for an order that costs nothing', async () => {
  await saveProducts(ctx.pool, [product([{ sku: 'FREE', amount: 0 }])]);
  const { shippingAddress } = newOrder([]);
  const request = { lines: [{ sku: 'FREE', quantity: 1 }], shippingAddress, payment: sandbox('declined') };
  const { order } = await placeOrder(ctx, { customerId: customer.accountId, guestEmail: null }, uuidv7(), request);
  const input = { type: 'stock_reserved' } as const;
  await ctx.pool.transaction((tx) => applyTransitions(tx, ctx, [{ orderId: order.id, input }]));
  await pollPayments(ctx);
  expect(await read(order.id)).toMatchObject({ status: 'confirmed', captured: 0 });
  const { rows } = await ctx.pool.query({ text: 'select from sandbox_charge' });
  expect(rows).toHaveLength(0);
  await balances();
});
