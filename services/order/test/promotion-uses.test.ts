import { randomInt, randomUUID } from 'node:crypto';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderPlaced } from '../src/actions/outgoing-events.ts';
import { insertOrders, type NewOrder } from '../src/store/new-orders.ts';
import { makeOrder } from './order-fixtures.ts';
import { addPromotion, percentOff, usesOf } from './pricing-rules.ts';
import { type Actor, type Answer, openShop, order, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ UNSETTLED_ORDERS_PER_ACCOUNT: 0, UNSETTLED_UNITS_PER_ACCOUNT: 0 });
});
afterAll(() => shop.stop());

const mug = [{ sku: 'MUG', quantity: 1 }];
const place = (who: Actor, over: Record<string, unknown>, key: string = randomUUID()): Promise<Answer> =>
  who.call('POST', '/api/v1/orders', order(mug, over), { 'idempotency-key': key });

async function settle(orderId: string, status: string): Promise<void> {
  const admin = await shop.someone('admin');
  await until(async () => (await admin.call('GET', `/api/v1/orders/${orderId}`)).body.status === status, {
    what: status,
  });
}

const reserve = (orderId: string) =>
  shop.publishEvent('stock.reserved.v1', orderId, {
    orderId,
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
    lines: mug,
  });

describe('a coupon that may be used once', () => {
  it('is used by one of fifty who race for it', async () => {
    const id = await addPromotion(shop.pool, { code: 'LAST', benefit: percentOff(50), limitTotal: 1 });
    const shoppers = await Promise.all(Array.from({ length: 50 }, () => shop.someone()));
    const answers = await Promise.all(shoppers.map((who) => place(who, { couponCodes: ['LAST'] })));
    const placed = answers.filter(({ status }) => status === 201);
    expect(placed).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 201).map(({ status, body }) => `${status} ${body.code}`);
    expect(new Set(refused)).toEqual(new Set(['422 coupon_not_valid']));
    expect(await usesOf(shop.pool, id)).toEqual({ used: 1, orders: [placed[0]?.body.id] });
  });

  it('is used once by a request that is sent many times at once', async () => {
    const id = await addPromotion(shop.pool, { code: 'AGAIN', benefit: percentOff(50), limitTotal: 1 });
    const who = await shop.someone();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => place(who, { couponCodes: ['AGAIN'] }, key)));
    expect(new Set(answers.map(({ status, body }) => `${Math.floor(status / 100)} ${body.id}`)).size).toBe(1);
    expect((await usesOf(shop.pool, id)).used).toBe(1);
  });

  it('is used once by a cart that is checked out many times at once, and each checkout is answered its order', async () => {
    const id = await addPromotion(shop.pool, { code: 'CART', benefit: percentOff(50), limitTotal: 1 });
    const who = await shop.someone();
    const cart = `/api/v1/carts/${(await who.call('POST', '/api/v1/carts')).body.id}`;
    await who.call('PUT', `${cart}/lines/MUG`, { quantity: 1 });
    const { lines: _, ...details } = order([], { couponCodes: ['CART'] });
    const answers = await Promise.all(Array.from({ length: 40 }, () => who.call('POST', `${cart}/checkout`, details)));
    expect(new Set(answers.map(({ status, body }) => `${Math.floor(status / 100)} ${body.id}`)).size).toBe(1);
    expect((await usesOf(shop.pool, id)).used).toBe(1);
  });

  it.each(['declined', 'rejected', 'cancelled'] as const)(
    'can be used again when its order ends unpaid: %s',
    async (end) => {
      const code = `BACK-${end}`.toUpperCase();
      const id = await addPromotion(shop.pool, { code, benefit: percentOff(50), limitTotal: 1 });
      const who = await shop.someone();
      const payment = { provider: 'sandbox', token: end === 'declined' ? 'declined' : 'ok' };
      const first = (await place(who, { couponCodes: [code], payment })).body.id;
      if (end === 'declined') {
        await reserve(first);
        await settle(first, 'awaiting_payment');
        expect((await usesOf(shop.pool, id)).used, 'while it can still be paid').toBe(1);
        await who.call('POST', `/api/v1/orders/${first}/cancel`);
      } else if (end === 'cancelled') await who.call('POST', `/api/v1/orders/${first}/cancel`);
      else {
        const lines = [{ sku: 'MUG', reason: 'insufficient_stock' as const, requested: 1, available: 0 }];
        await shop.publishEvent('stock.rejected.v1', first, { orderId: first, lines });
      }
      await settle(first, end === 'rejected' ? 'rejected' : 'cancelled');
      expect(await usesOf(shop.pool, id)).toEqual({ used: 0, orders: [] });
      expect((await place(await shop.someone(), { couponCodes: [code] })).status).toBe(201);
    },
  );

  it('stays used when its order was paid and cancelled afterwards', async () => {
    const id = await addPromotion(shop.pool, { code: 'PAID', benefit: percentOff(50), limitTotal: 1 });
    const who = await shop.someone();
    const first = (await place(who, { couponCodes: ['PAID'] })).body.id;
    await reserve(first);
    await settle(first, 'confirmed');
    await who.call('POST', `/api/v1/orders/${first}/cancel`);
    await settle(first, 'cancelled');
    expect((await usesOf(shop.pool, id)).used).toBe(1);
  });
});

describe('a limit for each customer', () => {
  it('holds for many orders of one customer at once, and not for others', async () => {
    const id = await addPromotion(shop.pool, { code: 'TWICE', benefit: percentOff(10), limitPerCustomer: 2 });
    const [ada, bob] = await Promise.all([shop.someone(), shop.someone()]);
    const answers = await Promise.all(Array.from({ length: 10 }, () => place(ada, { couponCodes: ['TWICE'] })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect((await place(bob, { couponCodes: ['TWICE'] })).status).toBe(201);
    expect((await usesOf(shop.pool, id)).used).toBe(3);
  });

  it('of a promotion for first orders is one', async () => {
    await addPromotion(shop.pool, { code: 'FIRST', benefit: percentOff(10), firstOrder: true });
    const ada = await shop.someone();
    const answers = await Promise.all(Array.from({ length: 5 }, () => place(ada, { couponCodes: ['FIRST'] })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const other = await shop.someone();
    await place(other, {});
    expect((await place(other, { couponCodes: ['FIRST'] })).body.errors[0].message).toBe(
      'FIRST: it is for a first order only',
    );
  });
});

describe('an automatic promotion that is used up', () => {
  it('is left out, or is 409 with the new quote where its price was expected', async () => {
    const id = await addPromotion(shop.pool, { benefit: percentOff(40), limitTotal: 3 });
    const ada = await shop.someone();
    const quote = async () => (await ada.call('POST', '/api/v1/quotes', { lines: mug })).body.total.amount;
    await until(async () => (await quote()) === 750, { what: 'the promotion to be known' });
    const expectedTotal = { amount: 750, currency: 'EUR' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => place(ada, { expectedTotal })));
    const outcomes = answers.map(({ status, body }) => (status === 201 ? body.total.amount : body.code)).sort();
    expect(outcomes).toEqual([...Array(3).fill(750), ...Array(7).fill('price_changed')]);
    expect((await place(ada, {})).body.total.amount).toBe(1250);
    expect((await usesOf(shop.pool, id)).used).toBe(3);
  });
});

describe('two instances that take orders at the same time', () => {
  /** An order as an instance writes it, that uses a promotion. */
  function newOrder(customerId: string, promotionId: string): NewOrder {
    const placed = makeOrder({
      id: uuidv7(),
      number: randomInt(20_000_000, 30_000_000),
      customerId,
      createdAt: new Date(),
    });
    const dueAt = new Date(Date.now() + 3_600_000);
    const origin = { idempotencyKey: randomUUID() };
    const event = orderPlaced(placed);
    return {
      order: placed,
      origin,
      requestHash: Buffer.alloc(32),
      dueAt,
      event,
      limitedPromotions: [promotionId],
      isInvoiced: false,
    };
  }

  it.each(['in all', 'for each customer'])('never both have the last use: limit %s', async (limit) => {
    const limits = limit === 'in all' ? { limitTotal: 1 } : { limitPerCustomer: 1 };
    const id = await addPromotion(shop.pool, { code: `RACE ${limit}`, benefit: percentOff(10), ...limits });
    const customers = limit === 'in all' ? [uuidv7(), uuidv7()] : Array<string>(2).fill(uuidv7());
    const [one, other] = customers.map((customerId) => newOrder(customerId, id));
    if (!one || !other) throw new Error('Two orders were made');
    const noLimits = { orders: 0, units: 0 };
    const { late } = await shop.pool.transaction(async (tx) => {
      expect(await insertOrders(tx, [one], noLimits)).toEqual(['written']);
      const outcome = insertOrders(shop.pool, [other], noLimits);
      await until(
        async () => (await shop.pool.query({ text: 'select from pg_locks where not granted' })).rows.length > 0,
      );
      return { late: outcome };
    });
    expect(await late).toEqual([{ usedUp: [id] }]);
    expect(await usesOf(shop.pool, id)).toEqual({ used: 1, orders: [one.order.id] });
  });

  it('take no order with a promotion that was deleted meanwhile, and those of others all the same', async () => {
    const [gone, present] = [
      uuidv7(),
      await addPromotion(shop.pool, { code: 'STAYS', benefit: percentOff(10), limitTotal: 1 }),
    ];
    const orders = [newOrder(uuidv7(), gone), newOrder(uuidv7(), present)];
    expect(await insertOrders(shop.pool, orders, { orders: 0, units: 0 })).toEqual([{ usedUp: [gone] }, 'written']);
  });
});
