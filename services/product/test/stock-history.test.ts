import { uuidv7 } from '@tradepost/postgres/uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelled, confirmed, placed, refunded } from './order-events.ts';
import { type Actor, mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
let seller: Actor;
beforeAll(async () => {
  shop = await openShop();
  seller = shop.as('seller');
});
afterAll(() => shop.service.stop());

async function offer(stock: number, actor = seller, over = {}): Promise<string> {
  const sku = newSku();
  expect((await actor.call('POST', '/api/v1/products', mug(sku, over, { stock }))).status).toBe(201);
  return sku;
}

const history = (sku: string, query = '', actor = seller) => actor.call('GET', `/api/v1/stock/${sku}/history${query}`);

describe('the history of a stock', () => {
  it('records every unit that came or went, by whom or for which order, and the stock after it', async () => {
    const sku = await offer(10);
    const kept = placed([{ sku, quantity: 2 }]);
    const abandoned = placed([{ sku, quantity: 3 }]);
    await shop.publish(kept, abandoned);
    await shop.publish(confirmed(kept), cancelled(abandoned));
    await seller.call('POST', `/api/v1/stock/${sku}/adjustments`, { delta: 4, reason: 'delivery' });
    await shop.publish(refunded(kept, [{ sku, quantity: 1 }]));
    const { body } = await history(sku);
    expect(body.items).toMatchObject([
      { kind: 'return', delta: 1, onHand: 13, orderId: kept.data.orderId },
      { kind: 'adjustment', delta: 4, onHand: 12, reason: 'delivery', adjustedBy: seller.id },
      { kind: 'sale', delta: -2, onHand: 8, orderId: kept.data.orderId },
      { kind: 'adjustment', delta: 10, onHand: 10, reason: 'first stock', adjustedBy: seller.id },
    ]);
    expect(body.nextCursor).toBeNull();
    expect(await shop.stock(sku)).toMatchObject({ onHand: 13 });
  });

  it('adds up within a batch, and is written once however often a message comes', async () => {
    const sku = await offer(10);
    const orders = [1, 2, 3].map((quantity) => placed([{ sku, quantity }]));
    await shop.publish(...orders);
    const sales = orders.map(confirmed);
    await shop.publish(...sales);
    await shop.publish(...sales);
    const { body } = await history(sku);
    expect(body.items.map((item: { delta: number; onHand: number }) => [item.delta, item.onHand])).toEqual([
      [-3, 4],
      [-2, 7],
      [-1, 9],
      [10, 10],
    ]);
  });

  it('is read page by page, without a gap where the two kinds meet', async () => {
    const sku = await offer(50);
    for (let round = 0; round < 3; round++) {
      const order = placed([{ sku, quantity: 1 }]);
      await shop.publish(order);
      await shop.publish(confirmed(order));
      await seller.call('POST', `/api/v1/stock/${sku}/adjustments`, { delta: 5, reason: `delivery ${round}` });
    }
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await history(sku, `?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.body.items.map((item: { onHand: number }) => item.onHand));
      cursor = page.body.nextCursor;
    }
    expect(seen).toEqual([62, 57, 58, 53, 54, 49, 50]);
  });

  it('is for the seller and for admins alone', async () => {
    const sku = await offer(1);
    for (const what of ['history', 'holds']) {
      const path = `/api/v1/stock/${sku}/${what}`;
      expect((await shop.nobody.call('GET', path)).status).toBe(401);
      expect((await shop.as('customer').call('GET', path)).status).toBe(403);
      expect((await shop.as('seller').call('GET', path)).status).toBe(403);
      expect((await shop.as('admin').call('GET', path)).status).toBe(200);
      expect((await seller.call('GET', `/api/v1/stock/NONE-SUCH/${what}`)).status).toBe(404);
    }
    expect((await history(sku, '?cursor=nonsense')).body.code).toBe('invalid_cursor');
  });
});

describe('reserved units', () => {
  it('are listed by order, as long as they are reserved', async () => {
    const sku = await offer(10);
    const order = placed([{ sku, quantity: 4 }]);
    await shop.publish(order);
    const held = await seller.call('GET', `/api/v1/stock/${sku}/holds`);
    expect(held.body.items).toMatchObject([{ orderId: order.data.orderId, quantity: 4 }]);
    await shop.publish(confirmed(order));
    expect((await seller.call('GET', `/api/v1/stock/${sku}/holds`)).body.items).toEqual([]);
  });

  it('are shown to admins by the order, in every state of it', async () => {
    const sku = await offer(3);
    const sold = placed([{ sku, quantity: 2 }]);
    const refused = placed([{ sku, quantity: 5 }]);
    await shop.publish(sold, refused);
    await shop.publish(confirmed(sold));
    const read = (id: string, actor = shop.as('admin')) =>
      actor.call('GET', `/api/v1/admin/product/reservations/${id}`);
    expect((await read(sold.data.orderId)).body).toMatchObject({
      status: 'sold',
      lines: [{ sku, quantity: 2, returned: 0 }],
      rejection: null,
      reminders: 0,
    });
    expect((await read(refused.data.orderId)).body).toMatchObject({
      status: 'rejected',
      rejection: [{ sku, reason: 'insufficient_stock', requested: 5, available: 1 }],
    });
    expect((await read(uuidv7())).status).toBe(404);
    expect((await read(sold.data.orderId, seller)).status).toBe(403);
  });
});

describe('what there is little left of', () => {
  it('is listed for its seller, the lowest first, and leaves out what is off sale', async () => {
    const own = shop.as('seller');
    const [few, none, many, archived] = [
      await offer(3, own),
      await offer(0, own),
      await offer(6, own),
      await offer(1, own, { title: 'Going' }),
    ];
    await shop.publish(placed([{ sku: few, quantity: 1 }]));
    const { body } = await own.call('GET', '/api/v1/products?q=Going');
    const { id } = body.items.find((item: { variants: { sku: string }[] }) => item.variants[0]?.sku === archived);
    expect((await own.call('DELETE', `/api/v1/products/${id}`, undefined, { 'if-match': '*' })).status).toBe(204);
    const listed = await own.call('GET', '/api/v1/stock?limit=1');
    expect(listed.body.items).toMatchObject([{ sku: none, available: 0, title: 'Blue mug' }]);
    const rest = await own.call('GET', `/api/v1/stock?cursor=${listed.body.nextCursor}`);
    expect(rest.body).toMatchObject({
      items: [{ sku: few, onHand: 3, reserved: 1, available: 2 }],
      nextCursor: null,
    });
    const wider = await shop.as('admin').call('GET', `/api/v1/stock?atMost=6&sellerId=${own.id}`);
    expect(wider.body.items.map((item: { sku: string }) => item.sku)).toEqual([none, few, many]);
    expect((await seller.call('GET', `/api/v1/stock?sellerId=${own.id}`)).status).toBe(403);
    expect((await shop.as('customer').call('GET', '/api/v1/stock')).status).toBe(403);
  });
});
