import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { coalesce } from '@tradepost/postgres/single-flight';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyOrderEvents } from '../src/actions/apply-order-events.ts';
import { createHiddenSellers } from '../src/actions/hidden-sellers.ts';
import { createProductReads } from '../src/actions/product-reads.ts';
import { createSearchQueries } from '../src/actions/search-queries.ts';
import { cancelled, confirmed, mug, newSku, noProductCache, openShop, placed, refunded, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.service.stop());

async function offer(
  stock: number,
  over: Record<string, unknown> = {},
): Promise<{ id: string; sku: string; seller: string }> {
  const seller = shop.as('seller');
  const sku = newSku();
  const { body, status } = await seller.call('POST', '/api/v1/products', mug(sku, over, { stock }));
  expect(status).toBe(201);
  return { id: body.id, sku, seller: seller.id };
}

/** The same event once more, as another publication of it. */
const again = <E extends CloudEvent>(event: E): E => ({ ...event, id: uuidv7() });

const deadLetters = async (eventId: string) => {
  const { rows } = await shop.service.pool.query<{ error: string }>({
    text: 'select error from dead_letter where event_id = $1',
    values: [eventId],
  });
  return rows;
};

describe('an order that is placed', () => {
  it('holds all its lines, once, however often it is heard of', async () => {
    const [a, b] = [await offer(10), await offer(5)];
    const order = placed([
      { sku: a.sku, quantity: 3 },
      { sku: b.sku, quantity: 5 },
    ]);
    const read = async () => (await shop.nobody.call('GET', `/api/v1/products/${b.id}`)).body;
    expect(await read()).toMatchObject({ inStock: true, variants: [{ available: 5 }] });
    await shop.publish(order);
    await shop.publish(order, again(order), order);
    const { data } = await shop.told('stock.reserved.v1', order.subject);
    expect(data.lines).toEqual([
      { sku: a.sku, quantity: 3 },
      { sku: b.sku, quantity: 5 },
    ]);
    expect(Date.parse(data.expiresAt)).toBeGreaterThan(Date.now() + 14 * 60_000);
    expect(await shop.stock(a.sku)).toEqual({ onHand: 10, reserved: 3, available: 7 });
    expect(await shop.stock(b.sku)).toEqual({ onHand: 5, reserved: 5, available: 0 });
    expect(await read()).toMatchObject({
      inStock: false,
      variants: [{ available: 0 }],
    });
    // Asked again, it gives the same answer again.
    const answers = await shop.answers(order.subject);
    expect(answers.map(({ type }) => type)).toEqual(['stock.reserved.v1', 'stock.reserved.v1']);
    expect(answers[1]?.data).toEqual(data);
  });

  it('holds nothing when one line cannot be had, and says why for each', async () => {
    const [good, empty, dear, gone] = [await offer(10), await offer(1), await offer(9), await offer(9)];
    await shop.as('seller', gone.seller).call('DELETE', `/api/v1/products/${gone.id}`, undefined, { 'if-match': '*' });
    const order = placed([
      { sku: good.sku, quantity: 1 },
      { sku: empty.sku, quantity: 2 },
      { sku: dear.sku, quantity: 1, amount: 1 },
      { sku: gone.sku, quantity: 1 },
      { sku: 'NO-SUCH-SKU', quantity: 4 },
    ]);
    await shop.publish(order);
    const { data } = await shop.told('stock.rejected.v1', order.subject);
    expect(data.lines).toEqual([
      { sku: empty.sku, reason: 'insufficient_stock', requested: 2, available: 1 },
      { sku: dear.sku, reason: 'price_changed', requested: 1, available: 9 },
      { sku: gone.sku, reason: 'not_for_sale', requested: 1, available: 9 },
      { sku: 'NO-SUCH-SKU', reason: 'unknown_sku', requested: 4, available: 0 },
    ]);
    expect((await shop.stock(good.sku)).reserved).toBe(0);
    // Rejected stays rejected, even when there is enough now.
    await shop
      .as('seller', empty.seller)
      .call('POST', `/api/v1/stock/${empty.sku}/adjustments`, { delta: 50, reason: 'new' });
    await shop.publish(again(order));
    expect((await shop.stock(good.sku)).reserved).toBe(0);
  });

  it('is accepted at the price it was placed at when that is the present one, whatever its version', async () => {
    const { sku, id, seller } = await offer(10);
    for (const amount of [2500, 1999]) {
      const change = { variants: [{ sku, price: { amount, currency: 'EUR' } }] };
      await shop.as('seller', seller).call('PATCH', `/api/v1/products/${id}`, change, { 'if-match': '*' });
    }
    const order = placed([{ sku, quantity: 1 }]);
    await shop.publish(order);
    await shop.told('stock.reserved.v1', order.subject);
  });
});

describe('sixty shoppers for ten units', () => {
  it('get exactly ten, and nothing stays held', async () => {
    const { sku, id } = await offer(10);
    const orders = Array.from({ length: 60 }, () => placed([{ sku, quantity: 1 }]));
    await Promise.all(orders.map((order) => shop.publish(order)));
    const answered = await until(() => {
      const mine = new Set(orders.map((order) => order.subject));
      const answers = shop.service.events.filter(({ subject, type }) => mine.has(subject) && type.startsWith('stock.'));
      return answers.length >= 60 && answers;
    });
    const won = answered.filter((event) => event.type === 'stock.reserved.v1').map((event) => event.subject);
    expect(won).toHaveLength(10);
    expect(await shop.stock(sku)).toEqual({ onHand: 10, reserved: 10, available: 0 });
    await shop.publish(...orders.filter((order) => won.includes(order.subject)).map(confirmed));
    expect(await shop.stock(sku)).toEqual({ onHand: 0, reserved: 0, available: 0 });
    const { body } = await shop.nobody.call(
      'GET',
      `/api/v1/products?sellerId=${(await shop.nobody.call('GET', `/api/v1/products/${id}`)).body.sellerId}&inStock=true`,
    );
    expect(body.items).toEqual([]);
  });
});

describe('an order that ends', () => {
  it('sells what it held, once', async () => {
    const { sku } = await offer(10);
    const order = placed([{ sku, quantity: 4 }]);
    await shop.publish(order);
    const paid = confirmed(order);
    await shop.publish(paid, again(paid));
    await shop.publish(again(paid));
    expect(await shop.stock(sku)).toEqual({ onHand: 6, reserved: 0, available: 6 });
    const sold = (await shop.answers(order.subject)).filter(({ type }) => type === 'stock.sold.v1');
    expect(sold.map((event) => event.data)).toEqual([{ orderId: order.subject, lines: [{ sku, quantity: 4 }] }]);
  });

  it('gives back what it held, once', async () => {
    const { sku } = await offer(10);
    const order = placed([{ sku, quantity: 4 }]);
    await shop.publish(order);
    const end = cancelled(order);
    await shop.publish(end, again(end));
    await shop.publish(again(end));
    expect(await shop.stock(sku)).toEqual({ onHand: 10, reserved: 0, available: 10 });
    expect((await shop.told('stock.released.v1', order.subject)).data.lines).toEqual([{ sku, quantity: 4 }]);
  });

  it('holds nothing when its cancellation comes first', async () => {
    const { sku } = await offer(10);
    const order = placed([{ sku, quantity: 4 }]);
    await shop.publish(cancelled(order));
    await shop.publish(order, again(order));
    const together = placed([{ sku, quantity: 4 }]);
    await shop.publish(cancelled(together), together);
    expect(await shop.stock(sku)).toEqual({ onHand: 10, reserved: 0, available: 10 });
    expect(await shop.answers(order.subject)).toEqual([]);
  });

  it('puts back on sale what was sold, when it is cancelled after all', async () => {
    const { sku } = await offer(10);
    const order = placed([{ sku, quantity: 4 }]);
    await shop.publish(order, confirmed(order));
    await shop.publish(refunded(order, [{ sku, quantity: 1 }]));
    expect((await shop.stock(sku)).onHand).toBe(7);
    const end = cancelled(order);
    await shop.publish(end);
    await shop.publish(again(end), refunded(order, [{ sku, quantity: 4 }]));
    expect(await shop.stock(sku)).toEqual({ onHand: 10, reserved: 0, available: 10 });
  });

  it('takes back no more than was sold, in however many parts', async () => {
    const { sku } = await offer(10);
    const order = placed([{ sku, quantity: 4 }]);
    await shop.publish(order);
    // Ahead of the confirmation, which it implies.
    await shop.publish(refunded(order, [{ sku, quantity: 3 }]));
    expect(await shop.stock(sku)).toEqual({ onHand: 9, reserved: 0, available: 9 });
    await shop.publish(confirmed(order), refunded(order, [{ sku, quantity: 3 }]));
    expect(await shop.stock(sku)).toEqual({ onHand: 10, reserved: 0, available: 10 });
  });

  it('is parked for an operator when it is confirmed after it was released', async () => {
    const { sku } = await offer(10);
    const order = placed([{ sku, quantity: 4 }]);
    const before = { ...confirmed(order), time: new Date(Date.now() - 1000).toISOString() };
    await shop.publish(order);
    await shop.publish(cancelled(order));
    await shop.publish(before);
    expect(await deadLetters(before.id)).toEqual([]);
    const after = { ...confirmed(order), time: new Date(Date.now() + 3_600_000).toISOString() };
    await shop.publish(after);
    expect((await deadLetters(after.id))[0]?.error).toContain('nothing is held for it (released)');
    const never = confirmed(placed([{ sku, quantity: 1 }]));
    await shop.publish(never);
    expect((await deadLetters(never.id))[0]?.error).toContain('never reserved');
    expect(await shop.stock(sku)).toEqual({ onHand: 10, reserved: 0, available: 10 });
  });
});

describe('a batch', () => {
  it('costs a handful of statements however many orders it holds', async () => {
    const skus = await Promise.all(Array.from({ length: 5 }, async () => (await offer(1000)).sku));
    const orders = Array.from({ length: 100 }, (_, at) =>
      placed([
        { sku: skus[at % 5] ?? '', quantity: 1 },
        { sku: skus[(at + 1) % 5] ?? '', quantity: 2 },
      ]),
    );
    const statements: string[] = [];
    await shop.service.pool.transaction((tx) =>
      applyOrderEvents(
        {
          ...tx,
          query: (statement) => {
            statements.push(statement.name ?? statement.text);
            return tx.query(statement);
          },
        },
        {
          pool: shop.service.pool,
          now: () => new Date(),
          reservationTtlMs: 1000,
          cache: noProductCache(),
          reads: createProductReads(shop.service.pool),
          searchQuery: createSearchQueries(shop.service.pool),
          hiddenSellers: createHiddenSellers(shop.service.pool),
          sellerStatusChanged: () => undefined,
          firstPages: coalesce(),
        },
        orders,
      ),
    );
    expect(statements).toEqual(['reservation.lock', 'stock.lock', 'stock.offers-of-locked', 'settlement.save']);
    for (const sku of skus) expect((await shop.stock(sku)).reserved).toBe(60);
  });

  it('is not held up by one event that makes no sense', async () => {
    const { sku } = await offer(10);
    const good = Array.from({ length: 5 }, () => placed([{ sku, quantity: 1 }]));
    const bad = confirmed(placed([{ sku, quantity: 1 }]));
    await shop.publish(...good.slice(0, 2), bad, ...good.slice(2));
    expect((await shop.stock(sku)).reserved).toBe(5);
    expect(await deadLetters(bad.id)).toHaveLength(1);
  });
});

describe('a reservation past its time', () => {
  it('is asked about until it is answered, and never freed by itself', async () => {
    const hasty = await openShop({ RESERVATION_TTL_MS: 100 });
    try {
      const sku = newSku();
      await hasty.as('seller').call('POST', '/api/v1/products', mug(sku));
      const order = placed([{ sku, quantity: 4 }]);
      await hasty.publish(order);
      const { data: held } = await hasty.told('stock.reserved.v1', order.subject);
      const { data } = await hasty.told('stock.reservation-expired.v1', order.subject);
      expect(data).toEqual({ orderId: order.subject, expiredAt: held.expiresAt });
      expect((await hasty.stock(sku)).reserved).toBe(4);
      const due = async () => {
        const { rows } = await hasty.service.pool.query<{ reminders: number; wait: number }>({
          text: `select reminders, extract(epoch from remind_at - now())::int as wait from reservation where order_id = $1`,
          values: [order.subject],
        });
        return rows[0];
      };
      expect(await due()).toMatchObject({ reminders: 1 });
      await hasty.service.pool.query({ text: 'update reservation set remind_at = now()' });
      await until(async () => (await due())?.reminders === 2);
      expect((await due())?.wait).toBeGreaterThan(100);
      await hasty.publish(confirmed(order));
      expect(await hasty.stock(sku)).toEqual({ onHand: 6, reserved: 0, available: 6 });
      await hasty.service.pool.query({ text: 'update reservation set remind_at = now()' });
      // Another one that is due shows that the task has been round.
      const next = placed([{ sku, quantity: 1 }]);
      await hasty.publish(next);
      await hasty.told('stock.reservation-expired.v1', next.subject);
      expect((await due())?.reminders).toBe(2);
    } finally {
      await hasty.service.stop();
    }
  });
});

it('carries the trace of the order on', async () => {
  const { sku } = await offer(1);
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const order = { ...placed([{ sku, quantity: 1 }]), traceparent };
  await shop.publish(order);
  expect((await shop.told('stock.reserved.v1', order.subject)).traceparent?.slice(3, 35)).toBe('a'.repeat(32));
});
