import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Actor, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
let seller: Actor;
let admin: Actor;

beforeAll(async () => {
  shop = await openShop();
  seller = shop.as('seller');
  admin = shop.as('admin');
});
afterAll(() => shop.service.stop());

async function offer(title: string): Promise<string> {
  const variants = [{ sku: newSku(), price: { amount: 1000, currency: 'EUR' }, stock: 5 }];
  const made = await seller.call('POST', '/api/v1/products', { title, description: '', variants });
  return made.body.id;
}

const featured = async (): Promise<string[]> =>
  (await shop.nobody.call('GET', '/api/v1/products?featured=true')).body.items.map((item: { id: string }) => item.id);

test('operators choose what is shown first, the newest of it before the rest', async () => {
  const [first, second, third] = [await offer('A lamp'), await offer('A chair'), await offer('A table')];
  for (const id of [first, third])
    expect((await admin.call('PUT', `/api/v1/products/${id}/featured`)).status).toBe(204);
  expect(await featured()).toEqual([third, first]);
  const others = await shop.nobody.call('GET', '/api/v1/products?featured=false');
  expect(others.body.items.map((item: { id: string }) => item.id)).toEqual([second]);
  expect((await admin.call('DELETE', `/api/v1/products/${first}/featured`)).status).toBe(204);
  expect((await admin.call('DELETE', `/api/v1/products/${first}/featured`)).status).toBe(204);
  expect(await featured()).toEqual([third]);
});

test('it is no change of the product, and outlives one', async () => {
  const id = await offer('A rug');
  const before = (await shop.nobody.call('GET', `/api/v1/products/${id}`)).body.version;
  await admin.call('PUT', `/api/v1/products/${id}/featured`);
  expect((await shop.nobody.call('GET', `/api/v1/products/${id}`)).body.version).toBe(before);
  await seller.call('PATCH', `/api/v1/products/${id}`, { title: 'A carpet' }, { 'if-match': `"${before}"` });
  expect(await featured()).toContain(id);
});

test('neither sellers nor strangers choose, and only what is for sale is chosen', async () => {
  const id = await offer('A bowl');
  const path = `/api/v1/products/${id}/featured`;
  expect((await seller.call('PUT', path)).status).toBe(403);
  expect((await shop.nobody.call('PUT', path)).status).toBe(401);
  expect((await admin.call('PUT', '/api/v1/products/01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11/featured')).status).toBe(404);
  await seller.call('DELETE', `/api/v1/products/${id}`, undefined, { 'if-match': '*' });
  expect((await admin.call('PUT', path)).status).toBe(404);
  expect(await featured()).not.toContain(id);
});
