import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Actor, mug, newSku, openShop, type Shop } from './shop.ts';

const path = '/api/v1/categories/navigation';

let shop: Shop;
let seller: Actor;
let admin: Actor;

beforeAll(async () => {
  shop = await openShop();
  seller = shop.as('seller');
  admin = shop.as('admin');
});
afterAll(() => shop.service.stop());

const offer = (categories: string[]) => seller.call('POST', '/api/v1/products', mug(newSku(), { categories }));
const list = async (query: string): Promise<string[]> =>
  (await shop.nobody.call('GET', `/api/v1/categories${query}`)).body.items.map((one: { slug: string }) => one.slug);

async function setNavigation(slugs: string[]): Promise<void> {
  const { status } = await admin.call('PUT', path, { slugs }, { 'if-match': '*' });
  expect(status).toBe(200);
}

test('a new category of a seller is found and filtered by at once, and is not in the navigation', async () => {
  await setNavigation([]);
  await offer(['swag-for-everybody']);
  expect(await list('')).toContain('swag-for-everybody');
  const { body } = await shop.nobody.call('GET', '/api/v1/products?category=swag-for-everybody');
  expect(body.items).toHaveLength(1);
  expect(await list('?navigation=true')).toEqual([]);
});

test('operators decide what is in the navigation, and in which order', async () => {
  await offer(['lamps']);
  await offer(['cups']);
  await offer(['cups', 'spoons']);
  await setNavigation(['spoons', 'cups', 'nothing-yet', 'lamps']);
  expect(await list('?navigation=true')).toEqual(['spoons', 'cups', 'lamps']);
  await setNavigation(['lamps', 'spoons']);
  expect(await list('?navigation=true')).toEqual(['lamps', 'spoons']);
  expect((await admin.call('GET', path)).body).toMatchObject({ slugs: ['lamps', 'spoons'] });
});

test('a category leaves the navigation while it has no active product', async () => {
  const { body } = await offer(['kites']);
  await setNavigation(['kites']);
  expect(await list('?navigation=true')).toEqual(['kites']);
  await seller.call('DELETE', `/api/v1/products/${body.id}`, undefined, { 'if-match': '*' });
  expect(await list('?navigation=true')).toEqual([]);
  expect((await admin.call('GET', path)).body).toMatchObject({ slugs: ['kites'] });
});

test('only operators read and change it', async () => {
  for (const [actor, status] of [
    [shop.nobody, 401],
    [shop.as('customer'), 403],
    [seller, 403],
  ] as const) {
    expect((await actor.call('GET', path)).status).toBe(status);
    expect((await actor.call('PUT', path, { slugs: ['mine'] }, { 'if-match': '*' })).status).toBe(status);
  }
});

test('a change of a version that is not the present one is refused', async () => {
  const { headers } = await admin.call('GET', path);
  const etag = headers.get('etag') ?? '';
  expect((await admin.call('PUT', path, { slugs: [] })).status).toBe(428);
  const both = await Promise.all(
    [['cups'], ['lamps']].map((slugs) => admin.call('PUT', path, { slugs }, { 'if-match': etag })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
  const won = both.find(({ status }) => status === 200);
  const after = await admin.call('GET', path);
  expect(after.body).toEqual(won?.body);
  expect(after.headers.get('etag')).toBe(won?.headers.get('etag'));
  // The same change again, as after a response that was lost.
  const again = await admin.call('PUT', path, { slugs: won?.body.slugs }, { 'if-match': etag });
  expect(again).toMatchObject({ status: 200, body: won?.body });
});

test('slugs are valid, each there once, and a hundred at most', async () => {
  const put = (slugs: unknown) => admin.call('PUT', path, { slugs }, { 'if-match': '*' });
  const many = Array.from({ length: 101 }, (_, index) => `category-${index}`);
  for (const slugs of [['Cups'], ['cups', 'cups'], many, 'cups', [''], ['a'.repeat(61)]]) {
    expect((await put(slugs)).status).toBe(400);
  }
});
