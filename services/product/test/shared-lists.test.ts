import { afterAll, beforeAll, expect, it } from 'vitest';
import { mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.service.stop());

const idsOf = async (query: string): Promise<string[]> => {
  const { body } = await shop.nobody.call('GET', `/api/v1/products?${query}`);
  return body.items.map(({ id }: { id: string }) => id);
};

it('answers each of many who ask at the same time with the list that they asked for', async () => {
  const seller = shop.as('seller');
  for (const category of ['one', 'one', 'two']) {
    await seller.call('POST', '/api/v1/products', mug(newSku(), { categories: [category] }));
  }
  const queries = ['category=one', 'category=two', 'category=one&limit=1', `sellerId=${seller.id}`, 'inStock=false'];
  for (let round = 0; round < 20; round++) {
    const answers = await Promise.all([...queries, ...queries, ...queries].map(idsOf));
    expect(answers.map(({ length }) => length)).toEqual([2, 1, 1, 3, 0, 2, 1, 1, 3, 0, 2, 1, 1, 3, 0]);
  }
});

it('returns the state of the moment at which it was asked, with any number of callers', async () => {
  const seller = shop.as('seller');
  let isOver = false;
  const others = Array.from({ length: 6 }, async () => {
    while (!isOver) await idsOf('sort=newest');
  });
  for (let n = 0; n < 30; n++) {
    const { body } = await seller.call('POST', '/api/v1/products', mug(newSku()));
    expect((await idsOf('sort=newest'))[0]).toBe(body.id);
  }
  isOver = true;
  await Promise.all(others);
});
