import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placed } from './order-events.ts';
import { openSellerShop, type SellerShop, statusOf } from './sellers.ts';
import { newSku } from './shop.ts';

let shop: SellerShop;
beforeAll(async () => {
  shop = await openSellerShop();
});
afterAll(() => shop.service.stop());

const reservation = async (sku: string, placedAt = new Date()) => {
  const order = placed([{ sku, quantity: 1 }]);
  await shop.publish({ ...order, data: { ...order.data, placedAt: placedAt.toISOString() } });
  return (await shop.answers(order.subject)).map(({ type, data }) => [type, 'lines' in data && data.lines]);
};
const notForSale = (sku: string) => [
  ['stock.rejected.v1', [{ sku, reason: 'not_for_sale', requested: 1, available: expect.any(Number) }]],
];

describe('the goods of a seller who is banned', () => {
  it('are nowhere to be found and cannot be had, until the ban is lifted', async () => {
    const seller = shop.as('seller');
    const [product, other] = [await shop.offer(seller), await shop.offer(shop.as('seller'))];
    const before = new Date(Date.now() - 1000);
    expect(await shop.isEverywhere(product)).toBe(true);
    await shop.ban(seller);
    await until(() => shop.isNowhere(product));
    expect(await shop.isEverywhere(other)).toBe(true);
    expect(await reservation(product.sku)).toEqual(notForSale(product.sku));
    // An order that was accepted before the ban is honoured.
    expect((await reservation(product.sku, before))[0]?.[0]).toBe('stock.reserved.v1');
    expect((await shop.admin.call('GET', `/api/v1/products/${product.id}`)).status).toBe(200);
    await shop.isApplied();
    const { body } = await shop.nobody.call('GET', '/api/v1/categories');
    expect(body.items.map(({ slug }: { slug: string }) => slug)).not.toContain(product.category);
    expect(await shop.isNowhere(product)).toBe(true);
    await shop.unban(seller);
    await until(() => shop.isEverywhere(product));
    expect((await reservation(product.sku))[0]?.[0]).toBe('stock.reserved.v1');
    const again = await shop.nobody.call('GET', `/api/v1/products/${product.id}`);
    expect(again.body.version).toBe(product.version);
  });

  it('are off sale for an account that is no seller any more', async () => {
    const seller = shop.as('seller');
    const product = await shop.offer(seller);
    await shop.publish(statusOf(seller, { version: 1, role: 'customer' }));
    await until(() => shop.isNowhere(product));
    await shop.publish(statusOf(seller, { version: 2, role: 'admin' }));
    await until(() => shop.isEverywhere(product));
  });

  it('come back by themselves when the ban ends', async () => {
    const seller = shop.as('seller');
    const product = await shop.offer(seller);
    const far = new Date(Date.now() + 3_600_000).toISOString();
    await shop.publish(statusOf(seller, { version: 1, banned: true, bannedUntil: far }));
    await until(() => shop.isNowhere(product));
    await shop.service.pool.query({
      text: "update seller_status set banned_until = now() - interval '1 second' where seller_id = $1",
      values: [seller.id],
    });
    await until(() => shop.isEverywhere(product));
  });

  it('stay off sale when an operator edits them or adds to them, and archived where that is what was done', async () => {
    const seller = shop.as('seller');
    const [product, withdrawn] = [await shop.offer(seller), await shop.offer(seller)];
    await shop.ban(seller);
    const edit = (id: string, body: object) =>
      shop.admin.call('PATCH', `/api/v1/products/${id}`, body, { 'if-match': '*' });
    const variants = [{ sku: newSku(), price: { amount: 100, currency: 'EUR' }, stock: 1 }];
    expect((await edit(product.id, { title: 'Other', status: 'active', variants })).status).toBe(200);
    expect((await edit(withdrawn.id, { status: 'archived' })).status).toBe(200);
    await shop.isApplied();
    expect(await shop.isNowhere(product)).toBe(true);
    expect((await edit(product.id, { description: 'Once more' })).status).toBe(200);
    const added = await shop.offer(seller);
    expect(await shop.isNowhere(product)).toBe(true);
    expect(await shop.isNowhere(added)).toBe(true);
    await shop.unban(seller);
    await until(() => shop.isEverywhere(added));
    expect((await shop.nobody.call('GET', `/api/v1/products/${product.id}`)).status).toBe(200);
    expect(await shop.isNowhere(withdrawn)).toBe(true);
  });
});
