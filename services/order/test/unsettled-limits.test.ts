import { randomUUID } from 'node:crypto';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { orderPlaced } from '../src/actions/outgoing-events.ts';
import type { Order } from '../src/domain/order.ts';
import { firstTry } from '../src/domain/payment.ts';
import { insertOrders, type NewOrder } from '../src/store/new-orders.ts';
import { makeLine } from './order-fixtures.ts';
import { type Actor, type Answer, openShop, order, type Shop } from './shop.ts';

const LIMIT = 5;
let shop: Shop;

beforeAll(async () => {
  shop = await openShop({ UNSETTLED_ORDERS_PER_ACCOUNT: LIMIT });
});
afterAll(() => shop.stop());

const place = (actor: Actor, quantity = 1, key: string = randomUUID()): Promise<Answer> =>
  actor.call('POST', '/api/v1/orders', order([{ sku: 'MUG', quantity }]), { 'idempotency-key': key });
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status).sort();

const reject = (id: string) => {
  const line = { sku: 'MUG', reason: 'insufficient_stock', requested: 1, available: 0 } as const;
  return shop.publishEvent('stock.rejected.v1', id, { orderId: id, lines: [line] });
};

it('accepts so many orders of an account that are not settled, however many come at once', async () => {
  const [ada, bob] = [await shop.someone(), await shop.someone()];
  const answers = await Promise.all(Array.from({ length: 12 }, () => place(ada)));
  expect(statuses(answers)).toEqual([...Array(LIMIT).fill(201), ...Array(12 - LIMIT).fill(429)]);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.body.code).toBe('too_many_unsettled_orders');
  expect(refused?.headers.get('retry-after')).toBe('10');
  // Others are not concerned, and a settled order makes room.
  expect((await place(bob)).status).toBe(201);
  await reject(answers.find(({ status }) => status === 201)?.body.id);
  expect(statuses(await Promise.all([place(ada), place(ada)]))).toEqual([201, 429]);
});

it('answers the order of a key again when there is no room for another', async () => {
  const ada = await shop.someone();
  const key = randomUUID();
  const first = await place(ada, 1, key);
  while ((await place(ada)).status === 201);
  const again = await Promise.all([place(ada, 1, key), place(ada, 1, key)]);
  for (const answer of again) expect(answer).toMatchObject({ status: 200, body: { id: first.body.id } });
});

it('accepts one order of any size, and beside it only so many units', async () => {
  const ada = await shop.someone();
  const answers = await Promise.all(Array.from({ length: 6 }, () => place(ada, 900)));
  expect(statuses(answers)).toEqual([201, 429, 429, 429, 429, 429]);
  expect(statuses([await place(ada, 101), await place(ada, 100), await place(ada, 1)])).toEqual([201, 429, 429]);
});

it('leaves a cart open that cannot be ordered yet', async () => {
  const ada = await shop.someone();
  const placed: string[] = [];
  for (let n = 0; n < LIMIT; n++) placed.push((await place(ada)).body.id);
  const cart = await ada.call('POST', '/api/v1/carts');
  const path = `/api/v1/carts/${cart.body.id}`;
  await ada.call('PUT', `${path}/lines/MUG`, { quantity: 1 });
  const { lines: _, ...details } = order([]);
  expect((await ada.call('POST', `${path}/checkout`, details)).body.code).toBe('too_many_unsettled_orders');
  await reject(placed[0] ?? '');
  await until(async () => (await ada.call('POST', `${path}/checkout`, details)).status < 300);
});

it('counts what other instances accept at the same time', async () => {
  const { rows } = await shop.pool.query<{ id: string }>({ text: 'select id from orders limit 1' });
  const admin = await shop.someone('admin');
  const customerId = uuidv7();
  const seen = (await admin.call('GET', `/api/v1/orders/${rows[0]?.id}`)).body;
  const one = (number: number): NewOrder => {
    const placed: Order = {
      ...{
        id: uuidv7(),
        number,
        customerId,
        guestEmail: null,
        cartId: null,
        status: 'pending',
        version: 1,
        total: seen.total,
        taxIncluded: true,
        shipping: null,
        adjustments: [],
        captured: 0,
      },
      ...{ refunded: 0, cancelRequested: false, reason: null, paymentProvider: 'sandbox', paymentToken: 'ok' },
      ...{ ...firstTry, shippingAddress: seen.shippingAddress, reservedAt: null, payBy: null, traceparent: null },
      details: {},
      lines: [makeLine({ ...seen.lines[0], discount: 0, tax: 0, taxExemption: 0 })],
      createdAt: new Date(),
      updatedAt: new Date(),
    };
    const dueAt = new Date(Date.now() + 3_600_000);
    return {
      ...{ order: placed, origin: { idempotencyKey: randomUUID() }, requestHash: Buffer.alloc(32), dueAt },
      event: orderPlaced(placed),
      limitedPromotions: [],
      isInvoiced: false,
    };
  };
  const limits = { orders: 1, units: 0 };
  const second = await shop.pool.transaction(async (tx) => {
    expect(await insertOrders(tx, [one(99_000_001)], limits)).toEqual(['written']);
    // Another instance, which is to wait for what becomes of the first.
    const outcome = insertOrders(shop.pool, [one(99_000_002)], limits);
    await until(async () => {
      const waiting = "select from pg_locks where locktype = 'advisory' and not granted";
      return (await shop.pool.query({ text: waiting })).rows.length > 0;
    });
    return { outcome };
  });
  expect(await second.outcome).toEqual(['over_limit']);
});
