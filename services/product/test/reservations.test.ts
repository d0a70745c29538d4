import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmed, placed, republished } from './order-events.ts';
import { offer } from './reservations.ts';
import { openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.service.stop());

describe('an order that is placed', () => {
  it('reserves all its lines, once, with any number of deliveries', async () => {
    const [a, b] = [await offer(shop, 10), await offer(shop, 5)];
    const order = placed([
      { sku: a.sku, quantity: 3 },
      { sku: b.sku, quantity: 5 },
    ]);
    const read = async () => (await shop.nobody.call('GET', `/api/v1/products/${b.id}`)).body;
    expect(await read()).toMatchObject({ inStock: true, variants: [{ available: 5 }] });
    await shop.publish(order);
    await shop.publish(order, republished(order), order);
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
    const [good, empty, dear, gone] = [
      await offer(shop, 10),
      await offer(shop, 1),
      await offer(shop, 9),
      await offer(shop, 9),
    ];
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
    await shop.publish(republished(order));
    expect((await shop.stock(good.sku)).reserved).toBe(0);
  });

  it('is accepted at the price it was placed at when that is the present one, with any version', async () => {
    const { sku, id, seller } = await offer(shop, 10);
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
  it('get exactly ten, and nothing stays reserved', async () => {
    const { sku, id } = await offer(shop, 10);
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

it('carries the trace of the order on', async () => {
  const { sku } = await offer(shop, 1);
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const order = { ...placed([{ sku, quantity: 1 }]), traceparent };
  await shop.publish(order);
  expect((await shop.told('stock.reserved.v1', order.subject)).traceparent?.slice(3, 35)).toBe('a'.repeat(32));
});
