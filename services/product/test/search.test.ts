import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProductPage } from '../src/http/schemas.ts';
import { type Actor, type Answer, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
let seller: Actor;

type Offer = {
  title: string;
  description?: string;
  categories?: string[];
  amount?: number;
  currency?: string;
  stock?: number;
  attributes?: Record<string, string>;
  sku?: string;
};

async function offer({
  title,
  description = '',
  categories = [],
  amount = 1000,
  currency = 'EUR',
  stock = 5,
  ...rest
}: Offer) {
  const { sku = newSku(), attributes = {} } = rest;
  const made = await seller.call('POST', '/api/v1/products', {
    ...{ title, description, categories },
    variants: [{ sku, price: { amount, currency }, stock, attributes }],
  });
  expect(made.status).toBe(201);
  return made.body.id as string;
}

const list = (query: string): Promise<Answer> => shop.nobody.call('GET', `/api/v1/products?${query}`);
const titles = async (query: string): Promise<string[]> =>
  (await list(query)).body.items.map((item: { title: string }) => item.title);

/** All pages of a list. */
async function all(query: string, limit: number): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const { status, body }: Answer = await list(`${query}&limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`);
    expect(status).toBe(200);
    expect(body.items.length).toBeGreaterThan(0);
    found.push(...body.items.map((item: { title: string }) => item.title));
    cursor = body.nextCursor;
  } while (cursor);
  return found;
}

beforeAll(async () => {
  shop = await openShop();
  seller = shop.as('seller');
  await offer({ title: 'Running shoes', description: 'For the road', categories: ['sports', 'shoes'], amount: 8999 });
  await offer({
    title: 'Trail shoe',
    description: 'Made for running uphill',
    categories: ['sports', 'shoes'],
    amount: 10999,
  });
  await offer({ title: 'Café table', description: 'A small round table', categories: ['furniture'], amount: 15000 });
  await offer({
    title: 'Desk lamp',
    description: 'Stands on any table',
    categories: ['lighting'],
    amount: 4500,
    stock: 0,
  });
  await offer({
    title: 'Floor lamp',
    categories: ['lighting'],
    amount: 9500,
    attributes: { colour: 'Vermilion' },
    sku: 'LAMP-FL-77',
  });
  await offer({ title: 'Синяя кружка', description: 'Объём 330 мл', categories: ['kitchen'], amount: 700 });
  await offer({ title: 'Dollar keyboard', categories: ['office'], amount: 5000, currency: 'USD' });
});
afterAll(() => shop.service.stop());

describe('a search', () => {
  it('finds words in title, categories, variants and description, the title first', async () => {
    expect(await titles('q=running')).toEqual(['Running shoes', 'Trail shoe']);
    expect(await titles('q=table')).toEqual(['Café table', 'Desk lamp']);
    expect(await titles('q=furniture')).toEqual(['Café table']);
    expect(await titles('q=vermilion')).toEqual(['Floor lamp']);
    expect(await titles('q=LAMP-FL-77')).toEqual(['Floor lamp']);
  });

  it('knows stems, accents, scripts, and words that English leaves out', async () => {
    expect(await titles('q=runs')).toEqual(['Running shoes', 'Trail shoe']);
    expect(await titles('q=tables')).toEqual(['Café table', 'Desk lamp']);
    expect(await titles('q=cafe')).toEqual(['Café table']);
    expect(await titles(`q=${encodeURIComponent('CAFÉ')}`)).toEqual(['Café table']);
    expect(await titles(`q=${encodeURIComponent('КРУЖКА')}`)).toEqual(['Синяя кружка']);
    expect(await titles('q=shoes+for+the+road')).toEqual(['Running shoes']);
  });

  it('takes the last word as unfinished, and every word as required', async () => {
    expect(await titles('q=la')).toEqual(expect.arrayContaining(['Desk lamp', 'Floor lamp']));
    expect(await titles('q=floor+la')).toEqual(['Floor lamp']);
    expect(await titles('q=floor+shoe')).toEqual([]);
  });

  it('puts an exact title first', async () => {
    expect((await titles('q=desk+lamp'))[0]).toBe('Desk lamp');
  });

  it('tries the most similar word when nothing was found', async () => {
    const { body } = await list('q=keybaord');
    expect(body.correctedQuery).toBe('keyboard');
    expect(body.items.map((item: { title: string }) => item.title)).toEqual(['Dollar keyboard']);
    expect((await list('q=lamp')).body.correctedQuery).toBeUndefined();
    expect((await list('q=xqzwvk')).body).toMatchObject({ items: [], nextCursor: null });
    const pages = await list('q=runing+shoees&limit=1');
    expect(pages.body.correctedQuery).toBe('running shoes');
    const second = await list(`q=runing+shoees&limit=1&cursor=${pages.body.nextCursor}`);
    expect(second.body).toMatchObject({ correctedQuery: 'running shoes', items: [{ title: 'Trail shoe' }] });
  });

  it('finds nothing where there is nothing to search for', async () => {
    for (const phrase of ['%', "'", '&|!:*', '🎁', '---']) {
      expect((await list(`q=${encodeURIComponent(phrase)}`)).body).toMatchObject({ items: [], nextCursor: null });
    }
    expect((await list('q=')).body.items.length).toBeGreaterThan(5);
  });

  it('is not fooled by the syntax of queries', async () => {
    for (const phrase of [
      "lamp' | 'x",
      'lamp & !desk',
      'lamp:*',
      "lamp\\'; drop table product",
      '"lamp" or 1=1',
      'lamp <-> desk',
    ]) {
      expect((await list(`q=${encodeURIComponent(phrase)}`)).status).toBe(200);
    }
    expect(await titles(`q=${encodeURIComponent('(lamp) & | ! <desk>')}`)).toEqual(['Desk lamp']);
  });

  it('counts facets of what matched', async () => {
    const { body } = await list('q=lamp');
    expect(Value.Errors(ProductPage, body)).toEqual([]);
    expect(Value.Errors(ProductPage, (await list('q=keybaord')).body)).toEqual([]);
    expect(body.facets).toEqual({
      complete: true,
      categories: [{ slug: 'lighting', count: 2 }],
      prices: [{ min: { amount: 4500, currency: 'EUR' }, max: { amount: 9500, currency: 'EUR' } }],
    });
    expect((await list('q=lamp&facets=false')).body.facets).toBeUndefined();
    expect((await list('')).body.facets).toBeUndefined();
    const whole = await list('facets=true&sort=price');
    expect(whole.body.facets.prices.map((range: { min: { currency: string } }) => range.min.currency)).toEqual([
      'EUR',
      'USD',
    ]);
    expect(whole.body.facets.categories).toContainEqual({ slug: 'shoes', count: 2 });
  });
});

describe('filters and orders', () => {
  it('combine', async () => {
    expect(await titles('category=lighting&sort=price')).toEqual(['Desk lamp', 'Floor lamp']);
    expect(await titles('category=lighting&inStock=true')).toEqual(['Floor lamp']);
    expect(await titles('category=lighting&inStock=false')).toEqual(['Desk lamp']);
    expect(await titles('minPrice=9000&maxPrice=11000&sort=-price')).toEqual(['Trail shoe', 'Floor lamp']);
    expect(await titles('currency=USD')).toEqual(['Dollar keyboard']);
    expect(await titles('q=lamp&maxPrice=5000')).toEqual(['Desk lamp']);
    expect(await titles('q=table&sort=price')).toEqual(['Desk lamp', 'Café table']);
    expect(await titles('category=none')).toEqual([]);
  });

  it('order as they say', async () => {
    const byTitle = await titles('sort=title');
    expect(byTitle).toEqual([
      'Café table',
      'Desk lamp',
      'Dollar keyboard',
      'Floor lamp',
      'Running shoes',
      'Trail shoe',
      'Синяя кружка',
    ]);
    expect((await titles('sort=newest'))[0]).toBe('Dollar keyboard');
    expect((await titles(''))[0]).toBe('Dollar keyboard');
    expect((await titles('sort=price'))[0]).toBe('Синяя кружка');
    expect((await titles('sort=relevance'))[0]).toBe('Dollar keyboard');
  });

  it('give every product once, page by page', async () => {
    for (const sort of ['newest', 'price', '-price', 'title']) {
      const once = await titles(`sort=${sort}&limit=100`);
      for (const limit of [1, 3, once.length]) expect(await all(`sort=${sort}`, limit)).toEqual(once);
    }
    expect(await all('q=table', 1)).toEqual(['Café table', 'Desk lamp']);
    expect(await all('category=lighting&sort=price', 1)).toEqual(['Desk lamp', 'Floor lamp']);
  });

  it('shows what is available, and only what is on sale', async () => {
    const { body } = await list('category=lighting&sort=price');
    expect(body.items[0]).toMatchObject({ inStock: false, variants: [{ available: 0, price: { amount: 4500 } }] });
    expect(body.items[1]).toMatchObject({ inStock: true, variants: [{ sku: 'LAMP-FL-77', available: 5 }] });
    expect(body.items[0]).not.toHaveProperty('description');
  });

  it('follow stock as it goes and comes', async () => {
    const sku = newSku();
    await offer({ title: 'Comes and goes', sku, categories: ['tide'], stock: 2 });
    const inStock = async () => (await titles('category=tide&inStock=true')).length;
    const adjust = (delta: number) =>
      seller.call('POST', `/api/v1/stock/${sku}/adjustments`, { delta, reason: 'count' });
    expect(await inStock()).toBe(1);
    await adjust(-2);
    expect(await inStock()).toBe(0);
    await adjust(1);
    expect(await inStock()).toBe(1);
  });
});

describe('a cursor', () => {
  it('belongs to the list that gave it', async () => {
    const cursorOf = async (query: string) => (await list(`${query}&limit=1`)).body.nextCursor as string;
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
      expect([query, await list(query)]).toMatchObject([query, { status: 400, body: { code: 'invalid_cursor' } }]);
    }
    expect((await list(`sort=price&limit=2&cursor=${cursor}`)).status).toBe(200);
  });
});

describe('many matches', () => {
  it('come up once each, those with the word in their name before the others', async () => {
    const made = await seller.call(
      'POST',
      '/api/v1/products/imports',
      Array.from({ length: 260 }, (_, n) => {
        const named = n % 2 === 0;
        return JSON.stringify({
          title: named ? `Gadget ${n}` : `Thing ${n}`,
          description: named ? 'Useful' : 'Goes with any gadget',
          variants: [{ sku: newSku(), price: { amount: n, currency: 'EUR' } }],
        });
      }).join('\n'),
      { 'content-type': 'application/x-ndjson' },
    );
    expect(made.body).toMatchObject({ created: 260, failed: 0 });
    for (const limit of [7, 24, 100]) {
      const found = await all('q=gadget', limit);
      expect(new Set(found).size).toBe(260);
      expect(found).toHaveLength(260);
      expect(found.slice(0, 130).every((title) => title.startsWith('Gadget'))).toBe(true);
    }
    const { body } = await list('q=gadget&limit=1');
    expect(body.facets.complete).toBe(false);
  });
});

it.each(['SKU-8e296a06', '07e1cd7d', 'V2-1e5', '4e732ced'])('finds a SKU that looks like a number: %s', async (sku) => {
  await offer({ title: `Thing called ${sku.length}`, sku });
  for (const typed of [sku, sku.toLowerCase(), sku.slice(0, -1), sku.slice(0, -3)]) {
    const found = await list(`q=${typed}`);
    const skus = found.body.items.map((item: { variants: { sku: string }[] }) => item.variants[0]?.sku);
    expect(skus, typed).toContain(sku);
  }
});
