import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSearchShop, type SearchShop } from './search-shop.ts';
import { newSku } from './shop.ts';

let shop: SearchShop;
beforeAll(async () => {
  shop = await openSearchShop();
});
afterAll(() => shop.stop());

describe('filters and orders', () => {
  it('combine', async () => {
    expect(await shop.titles('category=lighting&sort=price')).toEqual(['Desk lamp', 'Floor lamp']);
    expect(await shop.titles('category=lighting&inStock=true')).toEqual(['Floor lamp']);
    expect(await shop.titles('category=lighting&inStock=false')).toEqual(['Desk lamp']);
    expect(await shop.titles('minPrice=9000&maxPrice=11000&sort=-price')).toEqual(['Trail shoe', 'Floor lamp']);
    expect(await shop.titles('currency=USD')).toEqual(['Dollar keyboard']);
    expect(await shop.titles('q=lamp&maxPrice=5000')).toEqual(['Desk lamp']);
    expect(await shop.titles('q=table&sort=price')).toEqual(['Desk lamp', 'Café table']);
    expect(await shop.titles('category=none')).toEqual([]);
  });

  it('order as they say', async () => {
    const byTitle = await shop.titles('sort=title');
    expect(byTitle).toEqual([
      'Café table',
      'Desk lamp',
      'Dollar keyboard',
      'Floor lamp',
      'Running shoes',
      'Trail shoe',
      'Синяя кружка',
    ]);
    expect((await shop.titles('sort=newest'))[0]).toBe('Dollar keyboard');
    expect((await shop.titles(''))[0]).toBe('Dollar keyboard');
    expect((await shop.titles('sort=price'))[0]).toBe('Синяя кружка');
    expect((await shop.titles('sort=relevance'))[0]).toBe('Dollar keyboard');
  });

  it('give every product once, page by page', async () => {
    for (const sort of ['newest', 'price', '-price', 'title']) {
      const once = await shop.titles(`sort=${sort}&limit=100`);
      for (const limit of [1, 3, once.length]) expect(await shop.allPages(`sort=${sort}`, limit)).toEqual(once);
    }
    expect(await shop.allPages('q=table', 1)).toEqual(['Café table', 'Desk lamp']);
    expect(await shop.allPages('category=lighting&sort=price', 1)).toEqual(['Desk lamp', 'Floor lamp']);
  });

  it('shows what is available, and only what is on sale', async () => {
    const { body } = await shop.list('category=lighting&sort=price');
    expect(body.items[0]).toMatchObject({ inStock: false, variants: [{ available: 0, price: { amount: 4500 } }] });
    expect(body.items[1]).toMatchObject({ inStock: true, variants: [{ sku: 'LAMP-FL-77', available: 5 }] });
    expect(body.items[0]).not.toHaveProperty('description');
  });

  it('follow stock as it goes and comes', async () => {
    const sku = newSku();
    await shop.offer({ title: 'Comes and goes', sku, categories: ['tide'], stock: 2 });
    const inStock = async () => (await shop.titles('category=tide&inStock=true')).length;
    const adjust = (delta: number) =>
      shop.seller.call('POST', `/api/v1/stock/${sku}/adjustments`, { delta, reason: 'count' });
    expect(await inStock()).toBe(1);
    await adjust(-2);
    expect(await inStock()).toBe(0);
    await adjust(1);
    expect(await inStock()).toBe(1);
  });
});

describe('a cursor', () => {
  it('belongs to the list that gave it', async () => {
    const cursorOf = async (query: string) => (await shop.list(`${query}&limit=1`)).body.nextCursor as string;
    const cursor = await cursorOf('sort=price');
    const refused = [
      `sort=-price&cursor=${cursor}`,
      `sort=price&category=shoes&cursor=${cursor}`,
      `sort=price&maxPrice=5&cursor=${cursor}`,
      `q=lamp&cursor=${cursor}`,
      `sort=price&cursor=${await cursorOf('q=lamp')}`,
      `q=lamps&cursor=${await cursorOf('q=lamp')}`,
      'cursor=abc',
      'cursor=%20',
      `cursor=${Buffer.from('{"id":"1"}').toString('base64url')}`,
      `cursor=${Buffer.from('[1,2,3]').toString('base64url')}`,
      `sort=price&cursor=x${cursor}`,
    ];
    for (const query of refused) {
      expect([query, await shop.list(query)]).toMatchObject([query, { status: 400, body: { code: 'invalid_cursor' } }]);
    }
    expect((await shop.list(`sort=price&limit=2&cursor=${cursor}`)).status).toBe(200);
  });

  it('cannot be made up: each one says who gave it', async () => {
    const cursor = (await shop.list('q=la&limit=1')).body.nextCursor as string;
    const [code, position] = [cursor.slice(0, 22), JSON.parse(Buffer.from(cursor.slice(22), 'base64url').toString())];
    const made = (change: object) => Buffer.from(JSON.stringify({ ...position, ...change })).toString('base64url');
    expect((await shop.list(`q=la&cursor=${code}${made({})}`)).status).toBe(200);
    for (const forged of [
      code + made({ level: 3, bucket: 7 }),
      code + made({ instead: { phrase: 'lamp', isCorrected: true, leftOut: [] } }),
      made({}),
      `A${cursor}`,
    ]) {
      expect(await shop.list(`q=la&cursor=${forged}`)).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
    }
  });
});
