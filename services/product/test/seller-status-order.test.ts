import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSellerShop, type SellerShop, statusOf } from './sellers.ts';
import { mug, newSku } from './shop.ts';

let shop: SellerShop;
beforeAll(async () => {
  shop = await openSellerShop();
});
afterAll(() => shop.service.stop());

describe('the goods of a seller who is banned', () => {
  it('stay as the latest event says, with the events in any order', async () => {
    const seller = shop.as('seller');
    const product = await shop.offer(seller);
    await shop.unban(seller, 7);
    await shop.ban(seller, 6);
    await shop.isApplied();
    expect(await shop.isEverywhere(product)).toBe(true);
    await shop.publish(statusOf(seller, { version: 8, banned: true }), statusOf(seller, { version: 9 }));
    await shop.isApplied();
    await until(() => shop.isEverywhere(product));
    await shop.publish(statusOf(seller, { version: 11, banned: true }), statusOf(seller, { version: 10 }));
    await shop.isApplied();
    expect(await shop.isNowhere(product)).toBe(true);
  });

  it('are off sale also when they are written at the very time', async () => {
    for (let round = 0; round < 5; round++) {
      const seller = shop.as('seller');
      const first = await shop.offer(seller);
      const made = Array.from({ length: 10 }, () => shop.offer(seller));
      const edits = Array.from({ length: 5 }, (_, n) =>
        shop.admin.call('PATCH', `/api/v1/products/${first.id}`, { description: `${n}` }, { 'if-match': '*' }),
      );
      const [products] = await Promise.all([Promise.all(made), shop.ban(seller), ...edits]);
      await shop.isApplied();
      const { rows } = await shop.service.pool.query<{ status: string }>({
        text: 'select distinct status from product where seller_id = $1',
        values: [seller.id],
      });
      expect(rows).toEqual([{ status: 'suspended' }]);
      for (const product of [first, ...products]) expect(await shop.isNowhere(product)).toBe(true);
    }
  });

  it('are off sale at once however many they are, and marked some at a time', async () => {
    const seller = shop.as('seller');
    const rows = Array.from({ length: 1500 }, (_, n) =>
      JSON.stringify(mug(newSku(), { title: `Bulk ${n}`, categories: ['bulk-goods'] })),
    );
    const headers = { 'content-type': 'application/x-ndjson' };
    const imported = await seller.call('POST', '/api/v1/products/imports', rows.join('\n'), headers);
    expect(imported.body).toMatchObject({ created: 1500 });
    await shop.ban(seller);
    // The rows are not marked yet, and yet nothing of it is shown.
    await until(async () => (await shop.listed(`sellerId=${seller.id}`)).length === 0);
    expect(await shop.listed('category=bulk-goods')).toEqual([]);
    await shop.isApplied();
    const count = async (status: string) => {
      const { rows } = await shop.service.pool.query<{ n: number }>({
        text: 'select count(*)::int as n from product where seller_id = $1 and status = $2',
        values: [seller.id, status],
      });
      return rows[0]?.n;
    };
    expect([await count('suspended'), await count('active')]).toEqual([1500, 0]);
    const inCategory = async () => {
      const { rows } = await shop.service.pool.query<{ products: number }>({
        text: "select products from category where slug = 'bulk-goods'",
      });
      return rows[0]?.products;
    };
    expect(await inCategory()).toBe(0);
    // Turned round half-way, it ends as the last event says.
    await shop.unban(seller);
    await shop.publish(statusOf(seller, { version: 3, banned: true }), statusOf(seller, { version: 4 }));
    await shop.isApplied();
    expect([await count('suspended'), await count('active'), await inCategory()]).toEqual([0, 1500, 1500]);
  });
});
