import { until } from '@tradepost/testing/until';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readListingPage } from '../src/actions/listing-page.ts';
import type { Sort } from '../src/domain/listing.ts';
import { ProductPage } from '../src/http/list-schemas.ts';
import { contextOf } from './actions-context.ts';
import { openSearchShop, type SearchShop } from './search-shop.ts';
import { newSku } from './shop.ts';

let shop: SearchShop;
beforeAll(async () => {
  shop = await openSearchShop();
});
afterAll(() => shop.stop());

describe('a search', () => {
  it('finds words in title, categories, variants and description, the title first', async () => {
    expect(await shop.titles('q=running')).toEqual(['Running shoes', 'Trail shoe']);
    expect(await shop.titles('q=table')).toEqual(['Café table', 'Desk lamp']);
    expect(await shop.titles('q=furniture')).toEqual(['Café table']);
    expect(await shop.titles('q=vermilion')).toEqual(['Floor lamp']);
    expect(await shop.titles('q=LAMP-FL-77')).toEqual(['Floor lamp']);
  });

  it('knows stems, accents, scripts, and words that English leaves out', async () => {
    expect(await shop.titles('q=runs')).toEqual(['Running shoes', 'Trail shoe']);
    expect(await shop.titles('q=tables')).toEqual(['Café table', 'Desk lamp']);
    expect(await shop.titles('q=cafe')).toEqual(['Café table']);
    expect(await shop.titles(`q=${encodeURIComponent('CAFÉ')}`)).toEqual(['Café table']);
    expect(await shop.titles(`q=${encodeURIComponent('КРУЖКА')}`)).toEqual(['Синяя кружка']);
    expect(await shop.titles('q=shoes+for+the+road')).toEqual(['Running shoes']);
  });

  it('takes the last word as unfinished, and every word as required', async () => {
    expect(await shop.titles('q=la')).toEqual(expect.arrayContaining(['Desk lamp', 'Floor lamp']));
    expect(await shop.titles('q=floor+la')).toEqual(['Floor lamp']);
    expect(await shop.titles('q=floor+vermilion')).toEqual(['Floor lamp']);
  });

  it('puts an exact title first', async () => {
    expect((await shop.titles('q=desk+lamp'))[0]).toBe('Desk lamp');
  });

  it('tries the most similar word when nothing was found', async () => {
    const { body } = await shop.list('q=keybaord');
    expect(body.correctedQuery).toBe('keyboard');
    expect(body.items.map((item: { title: string }) => item.title)).toEqual(['Dollar keyboard']);
    expect((await shop.list('q=lamp')).body.correctedQuery).toBeUndefined();
    expect((await shop.list('q=xqzwvk')).body).toMatchObject({ items: [], nextCursor: null });
    // Told only where it finds something.
    for (const query of ['q=xqzwvk', 'q=keybaord&maxPrice=1']) {
      expect((await shop.list(query)).body).not.toHaveProperty('correctedQuery');
    }
    const pages = await shop.list('q=runing+shoees&limit=1');
    expect(pages.body.correctedQuery).toBe('running shoes');
    const second = await shop.list(`q=runing+shoees&limit=1&cursor=${pages.body.nextCursor}`);
    expect(second.body).toMatchObject({ correctedQuery: 'running shoes', items: [{ title: 'Trail shoe' }] });
  });

  it('corrects only words that no product has, several at once', async () => {
    const corrected = async (phrase: string) => (await shop.list(`q=${encodeURIComponent(phrase)}`)).body;
    expect(await corrected('runing for shoees')).toMatchObject({ correctedQuery: 'running shoes' });
    // Short words, swapped letters, and of several similar words those that are there together.
    expect(await corrected('dsek lmap')).toMatchObject({
      correctedQuery: 'desk lamp',
      items: [{ title: 'Desk lamp' }],
    });
    expect(await corrected('flor lanp')).toMatchObject({
      correctedQuery: 'floor lamp',
      items: [{ title: 'Floor lamp' }],
    });
    // A letter was forgotten rather than replaced.
    for (const title of ['Tape', 'Tasse']) await shop.offer({ title });
    expect(await corrected('tase')).toMatchObject({ correctedQuery: 'tasse' });
    // The first letter of a short word, too.
    expect(await corrected('besk alamp')).toMatchObject({ correctedQuery: 'desk lamp' });
    expect(await corrected('edsk amp')).toMatchObject({ correctedQuery: 'desk lamp' });
    // Told as the titles have it.
    await shop.offer({ title: 'Küchenbrett für Gemüse' });
    expect(await corrected('kuechenbrett gemuese')).toMatchObject({ correctedQuery: 'küchenbrett gemüse' });
    expect(await corrected('kuechenbrett')).toMatchObject({ items: [{ title: 'Küchenbrett für Gemüse' }] });
    // `for` and `road` are in descriptions alone: known, so they stay.
    expect(await corrected('shoees for the road')).toMatchObject({ correctedQuery: 'shoes road' });
    expect(await corrected('shoees for the road')).not.toHaveProperty('leftOut');
  });

  it('leaves words out where nothing has all of them, and says so on each page', async () => {
    const { body } = await shop.list('q=vermilion+shoe&limit=1');
    expect(body).toMatchObject({ leftOut: ['vermilion'], items: [{ title: 'Trail shoe' }] });
    expect(body).not.toHaveProperty('correctedQuery');
    const second = await shop.list(`q=vermilion+shoe&limit=1&cursor=${body.nextCursor}`);
    expect(second.body).toMatchObject({ leftOut: ['vermilion'], items: [{ title: 'Running shoes' }] });
    // As it was typed.
    expect((await shop.list(`q=${encodeURIComponent('Xqzwvé, lamp')}`)).body).toMatchObject({ leftOut: ['Xqzwvé'] });
    // However long it was typed, the next page is found.
    const long = `limit=1&q=${encodeURIComponent(`lamp ${'e\u0301'.repeat(40)}`)}`;
    const { nextCursor } = (await shop.list(long)).body;
    expect((await shop.list(`${long}&cursor=${nextCursor}`)).body.items).toHaveLength(1);
    // What is looked for is named before `for`.
    expect((await shop.list('q=shoe+for+vermilion')).body).toMatchObject({ leftOut: ['vermilion'] });
    expect((await shop.list('q=xqzwvk+lamp')).body).toMatchObject({ leftOut: ['xqzwvk'], items: [{}, {}] });
    expect(Value.Errors(ProductPage, body)).toEqual([]);
    // Words alone are left out, filters never.
    expect((await shop.list('q=floor+lamp&maxPrice=1')).body).toMatchObject({ items: [] });
  });

  it('keeps the words that the products have, in their titles first', async () => {
    // With two mistakes it may be meant for `running`.
    expect((await shop.list('q=keyboard+ruuninq')).body).toMatchObject({ leftOut: ['ruuninq'] });
    // Words of titles rather than of descriptions alone.
    expect((await shop.list('q=lamp+uphill')).body).toMatchObject({ leftOut: ['uphill'], items: [{}, {}] });
    // A letter is no answer.
    expect((await shop.list('q=lamp+x+shoe')).body.leftOut).toEqual(['lamp', 'x']);
    expect((await shop.list('q=a+xqzwvk+d')).body.items).toEqual([]);
  });

  it('finds words inside of text without spaces, and letters that are written in other ways', async () => {
    await shop.offer({ title: '青い抹茶茶碗セット' });
    await shop.offer({ title: 'Ψηφιακός πίνακας' });
    await shop.offer({ title: 'كُرسيّ خشب' });
    const titles = (phrase: string) => shop.titles(`q=${encodeURIComponent(phrase)}`);
    for (const phrase of ['茶碗', '抹茶', 'セット', 'ｾｯﾄ', '碗'])
      expect(await titles(phrase)).toEqual(['青い抹茶茶碗セット']);
    // Several words of such text, with spaces between them.
    for (const phrase of ['抹茶 茶碗', '青い　セット', 'セット 抹'])
      expect(await titles(phrase)).toEqual(['青い抹茶茶碗セット']);
    expect((await shop.list(`q=${encodeURIComponent('茶碗 包丁')}`)).body).toMatchObject({
      ...{ leftOut: ['包丁'], items: [{ title: '青い抹茶茶碗セット' }] },
    });
    for (const phrase of ['ΨΗΦΙΑΚΟΣ', 'ψηφιακοσ']) expect(await titles(phrase)).toEqual(['Ψηφιακός πίνακας']);
    expect(await titles('كرسي')).toEqual(['كُرسيّ خشب']);
  });

  it('finds nothing where there is nothing to search for', async () => {
    for (const phrase of ['%', "'", '&|!:*', '🎁', '---']) {
      expect((await shop.list(`q=${encodeURIComponent(phrase)}`)).body).toMatchObject({ items: [], nextCursor: null });
    }
    expect((await shop.list('q=')).body.items.length).toBeGreaterThan(5);
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
      expect((await shop.list(`q=${encodeURIComponent(phrase)}`)).status).toBe(200);
    }
    expect(await shop.titles(`q=${encodeURIComponent('(lamp) & | ! <desk>')}`)).toEqual(['Desk lamp']);
  });

  it('counts facets of what matched', async () => {
    const { body } = await shop.list('q=lamp');
    expect(Value.Errors(ProductPage, body)).toEqual([]);
    expect(Value.Errors(ProductPage, (await shop.list('q=keybaord')).body)).toEqual([]);
    expect(body.facets).toEqual({
      complete: true,
      // The desk lamp is sold out.
      ...{ total: { count: 2, isMore: false }, inStock: 1 },
      categories: [{ slug: 'lighting', count: 2 }],
      prices: [{ min: { amount: 4500, currency: 'EUR' }, max: { amount: 9500, currency: 'EUR' } }],
      priceRanges: [
        { min: { amount: 2000, currency: 'EUR' }, max: { amount: 4999, currency: 'EUR' }, count: 1 },
        { min: { amount: 5000, currency: 'EUR' }, max: { amount: 9500, currency: 'EUR' }, count: 1 },
      ],
    });
    expect((await shop.list('q=lamp&facets=false')).body.facets).toBeUndefined();
    expect((await shop.list('')).body.facets).toBeUndefined();
    const whole = await shop.list('facets=true&sort=price');
    expect(whole.body.facets.prices.map((range: { min: { currency: string } }) => range.min.currency)).toEqual([
      'EUR',
      'USD',
    ]);
    expect(whole.body.facets.categories).toContainEqual({ slug: 'shoes', count: 2 });
  });
});

it('suggestions are categories that begin so, and products', async () => {
  const suggest = async (query: string) =>
    (await shop.as('customer').call('GET', `/api/v1/products/suggestions?${query}`)).body;
  const { categories, products } = await suggest('q=Furn');
  expect(categories).toEqual([{ slug: 'furniture', products: 1 }]);
  expect(products.map(({ title }: { title: string }) => title)).toEqual(['Café table']);
  expect((await suggest('q=la&limit=1')).products).toHaveLength(1);
  expect(await suggest('q=%25')).toEqual({ categories: [], products: [] });
  expect(await suggest('limit=1')).toMatchObject({ status: 400 });
  // With typing mistakes, they are those of the corrected phrase, which is told.
  expect(await suggest('q=keybaord')).toMatchObject({
    ...{ correctedQuery: 'keyboard', categories: [], products: [{ title: 'Dollar keyboard' }] },
  });
  expect(await suggest('q=shoees')).toMatchObject({ correctedQuery: 'shoes', categories: [{ slug: 'shoes' }] });
  expect(await suggest('q=vermilion+shoe')).toMatchObject({ leftOut: ['vermilion'], products: [{}, {}] });
});

describe('synonyms', () => {
  const PATH = '/api/v1/admin/product/synonyms';
  const id = '0198a000-0000-7000-8000-000000000001';
  const put = (terms: string[], headers = {}, at = id) =>
    shop.as('admin').call('PUT', `${PATH}/${at}`, { terms }, headers);

  it('are kept by operators, and searches know them at once', async () => {
    const [first, second] = await Promise.all([put(['vermilion', 'cinnabar']), put(['vermilion', 'scarlet'])]);
    expect([first.status, second.status].sort()).toEqual([201, 428]);
    const version = { 'if-match': '"1"' };
    expect(await put(['cinnabar', 'reading light', 'vermilion'], version)).toMatchObject({
      ...{ status: 200, body: { id, version: 2, terms: ['cinnabar', 'reading light', 'vermilion'] } },
    });
    expect(await put(['cinnabar', 'reading light', 'vermilion'], version)).toMatchObject({ body: { version: 2 } });
    expect((await put(['vermilion', 'scarlet'], version)).status).toBe(412);
    expect(await shop.titles('q=cinnabar')).toEqual(['Floor lamp']);
    expect(await shop.titles('q=reading+light')).toEqual(['Floor lamp']);
    expect(await shop.titles('q=the+reading+lights+floor')).toEqual(['Floor lamp']);
    expect((await shop.list('q=cinnabar')).body).not.toHaveProperty('correctedQuery');
    // What has the word itself comes before what has another for it.
    await shop.offer({ title: 'Cinnabar ink' });
    expect(await shop.titles('q=cinnabar')).toEqual(['Cinnabar ink', 'Floor lamp']);
    for (let time = 0; time < 2; time++) {
      expect((await shop.as('admin').call('DELETE', `${PATH}/${id}`)).status).toBe(204);
    }
    expect(await shop.titles('q=cinnabar')).toEqual(['Cinnabar ink']);
    expect((await put(['vermilion', 'cinnabar'], version)).status).toBe(412);
  });

  it('are short, and begin with a list', async () => {
    expect((await put(['one'])).status).toBe(400);
    expect(await put(['one', 'one two three four five', '…'])).toMatchObject({
      ...{ status: 422, body: { errors: [{ field: '/terms/1' }, { field: '/terms/2' }] } },
    });
    const { body } = await shop.as('admin').call('GET', PATH);
    expect(body.items.map(({ terms }: { terms: string[] }) => terms)).toContainEqual(['sofa', 'couch', 'settee']);
    expect((await shop.as('seller').call('PUT', `${PATH}/${id}`, { terms: ['a', 'b'] })).status).toBe(403);
  });
});

describe('products of the version before', () => {
  it('are found while they are put into the index, and afterwards', async () => {
    const { pool } = shop;
    const ctx = contextOf(pool, 1);
    const state = await ctx.searchIndex.current();
    const found = async (sort: Sort, isComplete: boolean) => {
      const searchIndex = { ...ctx.searchIndex, current: async () => ({ ...state, isComplete }) };
      const filters = { status: 'active' as const, phrase: 'running', category: 'shoes' };
      const page = { after: undefined, limit: 10, facets: true };
      return (await readListingPage({ ...ctx, searchIndex }, { filters, sort }, page)).items.length;
    };
    await pool.query({ text: 'update product set terms = null' });
    for (const sort of ['relevance', 'price', 'title'] as const) expect(await found(sort, false)).toBe(2);
    expect(await found('relevance', true)).toBe(0);
    await pool.query({ text: 'update search_state set is_complete = false, done_to = null' });
    await until(async () => {
      const { rows } = await pool.query({ text: 'select from search_state where is_complete' });
      return rows.length === 1;
    });
    for (const sort of ['relevance', 'price', 'title'] as const) expect(await found(sort, true)).toBe(2);
  });
});

describe('many matches', () => {
  it('come up once each, those with the word in their name before the others', async () => {
    const made = await shop.seller.call(
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
      const found = await shop.allPages('q=gadget', limit);
      expect(new Set(found).size).toBe(260);
      expect(found).toHaveLength(260);
      expect(found.slice(0, 130).every((title) => title.startsWith('Gadget'))).toBe(true);
    }
    const { body } = await shop.list('q=gadget&limit=1');
    expect(body.facets.complete).toBe(true);
  });
});

it.each(['SKU-8e296a06', '07e1cd7d', 'V2-1e5', '4e732ced'])('finds a SKU that looks like a number: %s', async (sku) => {
  await shop.offer({ title: `Thing called ${sku.length}`, sku });
  for (const typed of [sku, sku.toLowerCase(), sku.slice(0, -1), sku.slice(0, -3)]) {
    const found = await shop.list(`q=${typed}`);
    const skus = found.body.items.map((item: { variants: { sku: string }[] }) => item.variants[0]?.sku);
    expect(skus, typed).toContain(sku);
  }
});
