import { uuidv7 } from '@tradepost/postgres/uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placed } from './order-events.ts';
import { type Actor, mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
let seller: Actor;
beforeAll(async () => {
  shop = await openShop();
  seller = shop.as('seller');
});
afterAll(() => shop.service.stop());

async function offer(stock?: number): Promise<string> {
  const sku = newSku();
  const variant = stock === undefined ? {} : { stock };
  expect((await seller.call('POST', '/api/v1/products', mug(sku, {}, variant))).status).toBe(201);
  return sku;
}

const adjust = (sku: string, body: unknown, headers = {}, actor = seller) =>
  actor.call('POST', `/api/v1/stock/${sku}/adjustments`, body, headers);

describe('stock', () => {
  it('is sent to everybody', async () => {
    const sku = await offer(12);
    await shop.publish(placed([{ sku, quantity: 5 }]));
    const { status, body } = await shop.nobody.call('GET', `/api/v1/stock/${sku}`);
    expect([status, body]).toEqual([200, { sku, onHand: 12, reserved: 5, available: 7 }]);
    expect((await shop.nobody.call('GET', '/api/v1/stock/NONE')).status).toBe(404);
    expect((await shop.nobody.call('GET', '/api/v1/stock/%27%20or%201=1')).status).toBe(400);
  });
});

describe('an adjustment', () => {
  it('adds and removes, and is recorded', async () => {
    const sku = await offer(10);
    const added = await adjust(sku, { delta: 5, reason: 'delivery' });
    expect(added).toMatchObject({
      status: 201,
      body: { sku, delta: 5, reason: 'delivery', adjustedBy: seller.id, onHand: 15 },
    });
    await adjust(sku, { delta: -3, reason: 'broken' }, {}, shop.as('admin'));
    expect(await shop.stock(sku)).toMatchObject({ onHand: 12 });
    const history = await seller.call('GET', `/api/v1/stock/${sku}/adjustments?limit=2`);
    expect(history.body.items).toMatchObject([
      { delta: -3, onHand: 12 },
      { delta: 5, onHand: 15 },
    ]);
    const rest = await seller.call('GET', `/api/v1/stock/${sku}/adjustments?limit=2&cursor=${history.body.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ delta: 10, reason: 'first stock', onHand: 10 }], nextCursor: null });
  });

  it('cannot remove units that are reserved for orders', async () => {
    const sku = await offer(10);
    await shop.publish(placed([{ sku, quantity: 6 }]));
    const refused = await adjust(sku, { delta: -5, reason: 'broken' });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'insufficient_stock', onHand: 10, reserved: 6, available: 4, errors: [{ field: '/delta' }] },
    });
    expect((await adjust(sku, { delta: -4, reason: 'broken' })).status).toBe(201);
    expect(await shop.stock(sku)).toEqual({ onHand: 6, reserved: 6, available: 0 });
  });

  it('is made once for one idempotency key', async () => {
    const sku = await offer(10);
    const key = { 'idempotency-key': uuidv7() };
    const twice = await Promise.all([1, 2, 3].map(() => adjust(sku, { delta: 1, reason: 'found' }, key)));
    expect(twice.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(twice.map(({ body }) => body.id)).size).toBe(1);
    expect((await shop.stock(sku)).onHand).toBe(11);
    expect(await adjust(sku, { delta: 2, reason: 'found' }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect((await adjust(await offer(), { delta: 1, reason: 'found' }, key)).status).toBe(201);
    const failing = { 'idempotency-key': uuidv7() };
    expect((await adjust(sku, { delta: -50, reason: 'lost' }, failing)).status).toBe(409);
    await adjust(sku, { delta: 60, reason: 'delivery' });
    expect((await adjust(sku, { delta: -50, reason: 'lost' }, failing)).status).toBe(201);
  });

  it('is for the owner and admins', async () => {
    const sku = await offer(10);
    const body = { delta: 1, reason: 'mine' };
    expect((await adjust(sku, body, {}, shop.as('seller'))).status).toBe(403);
    expect((await adjust(sku, body, {}, shop.as('customer'))).status).toBe(403);
    expect((await adjust(sku, body, {}, shop.nobody)).status).toBe(401);
    expect((await adjust('NONE', body)).status).toBe(404);
    expect((await shop.as('seller').call('GET', `/api/v1/stock/${sku}/adjustments`)).status).toBe(403);
    expect((await shop.nobody.call('GET', `/api/v1/stock/${sku}/adjustments`)).status).toBe(401);
    expect((await seller.call('GET', `/api/v1/stock/${sku}/adjustments?cursor=abc`)).status).toBe(400);
    expect((await shop.stock(sku)).onHand).toBe(10);
  });

  it('adds up when many are made at once', async () => {
    const sku = await offer(5);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => adjust(sku, { delta: -1, reason: 'sold elsewhere' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(15);
    expect(await shop.stock(sku)).toEqual({ onHand: 0, reserved: 0, available: 0 });
  });

  it('cannot make more than can be counted', async () => {
    const sku = await offer(1_000_000_000);
    expect(await adjust(sku, { delta: 1, reason: 'more' })).toMatchObject({
      status: 422,
      body: { code: 'unprocessable' },
    });
  });
});
