import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { Role } from '@tradepost/contracts/roles';
import { newEvent } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, mug, newSku, openShop, placed, type Shop } from './shop.ts';

let shop: Shop;
let admin: Actor;

beforeAll(async () => {
  // With a long time to live, so that a cache that is not emptied is seen.
  shop = await openShop({ PRODUCT_CACHE_MS: 60_000 });
  admin = shop.as('admin');
});
afterAll(() => shop.service.stop());

type Status = { version: number; role?: Role; banned?: boolean; bannedUntil?: string };

const statusOf = (seller: Actor, { version, role = 'seller', banned = false, bannedUntil }: Status): CloudEvent =>
  newEvent({
    ...{ source: 'auth', type: 'account.status-changed.v1', subject: seller.id },
    data: { accountId: seller.id, role, banned, version, ...(bannedUntil && { bannedUntil }) },
  });
const ban = (seller: Actor, version = 1) => shop.publish(statusOf(seller, { version, banned: true }));
const unban = (seller: Actor, version = 2) => shop.publish(statusOf(seller, { version }));

/** A product of a seller, with a category and a word of its own. */
async function offer(seller: Actor, over = {}) {
  const sku = newSku();
  const word = `w${uuidv7().replaceAll('-', '')}`;
  const body = mug(sku, { title: `Mug ${word}`, categories: [word.slice(0, 30)], ...over });
  const { status, body: made } = await seller.call('POST', '/api/v1/products', body);
  expect(status).toBe(201);
  return { ...made, sku, word, category: word.slice(0, 30) };
}

const listed = async (query: string): Promise<string[]> =>
  (await shop.nobody.call('GET', `/api/v1/products?${query}`)).body.items.map((item: { id: string }) => item.id);

/** Where a shopper comes upon a product: its two pages, lists, searches. */
async function places(product: { id: string; slug: string; sellerId: string; word: string; category: string }) {
  const { id, slug, sellerId, word, category } = product;
  const pages = await Promise.all(
    [id, slug].map(async (name) => (await shop.nobody.call('GET', `/api/v1/products/${name}`)).status === 200),
  );
  const lists = await Promise.all(
    ['limit=100', `sellerId=${sellerId}`, `q=${word}`, `category=${category}`, `q=${word}&sort=price`].map(listed),
  );
  return [...pages, ...lists.map((ids) => ids.includes(id))];
}

const isEverywhere = async (product: Parameters<typeof places>[0]) => (await places(product)).every(Boolean);
const isNowhere = async (product: Parameters<typeof places>[0]) => !(await places(product)).some(Boolean);

/** Resolves when no change of a seller is left to be done to their products. */
const isApplied = () =>
  until(async () => {
    const { rows } = await shop.service.pool.query({ text: 'select from seller_status_change limit 1' });
    return rows.length === 0;
  });

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
    const [product, other] = [await offer(seller), await offer(shop.as('seller'))];
    const before = new Date(Date.now() - 1000);
    expect(await isEverywhere(product)).toBe(true);
    await ban(seller);
    await until(() => isNowhere(product));
    expect(await isEverywhere(other)).toBe(true);
    expect(await reservation(product.sku)).toEqual(notForSale(product.sku));
    // An order that was accepted before the ban is honoured.
    expect((await reservation(product.sku, before))[0]?.[0]).toBe('stock.reserved.v1');
    expect((await admin.call('GET', `/api/v1/products/${product.id}`)).status).toBe(200);
    await isApplied();
    const { body } = await shop.nobody.call('GET', '/api/v1/categories');
    expect(body.items.map(({ slug }: { slug: string }) => slug)).not.toContain(product.category);
    expect(await isNowhere(product)).toBe(true);
    await unban(seller);
    await until(() => isEverywhere(product));
    expect((await reservation(product.sku))[0]?.[0]).toBe('stock.reserved.v1');
    const again = await shop.nobody.call('GET', `/api/v1/products/${product.id}`);
    expect(again.body.version).toBe(product.version);
  });

  it('are off sale for an account that is no seller any more', async () => {
    const seller = shop.as('seller');
    const product = await offer(seller);
    await shop.publish(statusOf(seller, { version: 1, role: 'customer' }));
    await until(() => isNowhere(product));
    await shop.publish(statusOf(seller, { version: 2, role: 'admin' }));
    await until(() => isEverywhere(product));
  });

  it('stay as the latest event says, in whatever order the events come', async () => {
    const seller = shop.as('seller');
    const product = await offer(seller);
    await unban(seller, 7);
    await ban(seller, 6);
    await isApplied();
    expect(await isEverywhere(product)).toBe(true);
    await shop.publish(statusOf(seller, { version: 8, banned: true }), statusOf(seller, { version: 9 }));
    await isApplied();
    await until(() => isEverywhere(product));
    await shop.publish(statusOf(seller, { version: 11, banned: true }), statusOf(seller, { version: 10 }));
    await isApplied();
    expect(await isNowhere(product)).toBe(true);
  });

  it('come back by themselves when the ban ends', async () => {
    const seller = shop.as('seller');
    const product = await offer(seller);
    const far = new Date(Date.now() + 3_600_000).toISOString();
    await shop.publish(statusOf(seller, { version: 1, banned: true, bannedUntil: far }));
    await until(() => isNowhere(product));
    await shop.service.pool.query({
      text: "update seller_status set banned_until = now() - interval '1 second' where seller_id = $1",
      values: [seller.id],
    });
    await until(() => isEverywhere(product));
  });

  it('stay off sale when an operator edits them or adds to them, and archived where that is what was done', async () => {
    const seller = shop.as('seller');
    const [product, withdrawn] = [await offer(seller), await offer(seller)];
    await ban(seller);
    const edit = (id: string, body: object) => admin.call('PATCH', `/api/v1/products/${id}`, body, { 'if-match': '*' });
    const variants = [{ sku: newSku(), price: { amount: 100, currency: 'EUR' }, stock: 1 }];
    expect((await edit(product.id, { title: 'Other', status: 'active', variants })).status).toBe(200);
    expect((await edit(withdrawn.id, { status: 'archived' })).status).toBe(200);
    await isApplied();
    expect(await isNowhere(product)).toBe(true);
    expect((await edit(product.id, { description: 'Once more' })).status).toBe(200);
    const added = await offer(seller);
    expect(await isNowhere(product)).toBe(true);
    expect(await isNowhere(added)).toBe(true);
    await unban(seller);
    await until(() => isEverywhere(added));
    expect((await shop.nobody.call('GET', `/api/v1/products/${product.id}`)).status).toBe(200);
    expect(await isNowhere(withdrawn)).toBe(true);
  });

  it('are off sale also when they are written at the very time', async () => {
    for (let round = 0; round < 5; round++) {
      const seller = shop.as('seller');
      const first = await offer(seller);
      const made = Array.from({ length: 10 }, () => offer(seller));
      const edits = Array.from({ length: 5 }, (_, n) =>
        admin.call('PATCH', `/api/v1/products/${first.id}`, { description: `${n}` }, { 'if-match': '*' }),
      );
      const [products] = await Promise.all([Promise.all(made), ban(seller), ...edits]);
      await isApplied();
      const { rows } = await shop.service.pool.query<{ status: string }>({
        text: 'select distinct status from product where seller_id = $1',
        values: [seller.id],
      });
      expect(rows).toEqual([{ status: 'suspended' }]);
      for (const product of [first, ...products]) expect(await isNowhere(product)).toBe(true);
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
    await ban(seller);
    // The rows are not marked yet, and yet nothing of it is shown.
    await until(async () => (await listed(`sellerId=${seller.id}`)).length === 0);
    expect(await listed('category=bulk-goods')).toEqual([]);
    await isApplied();
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
    await unban(seller);
    await shop.publish(statusOf(seller, { version: 3, banned: true }), statusOf(seller, { version: 4 }));
    await isApplied();
    expect([await count('suspended'), await count('active'), await inCategory()]).toEqual([0, 1500, 1500]);
  });
});
