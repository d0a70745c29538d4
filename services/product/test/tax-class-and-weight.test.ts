import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CSV, ndjsonRow, productOf, upload } from './import-files.ts';
import { mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.service.stop());

const price = { amount: 1999, currency: 'EUR' };

describe('the tax class, the weights, and whether a product is digital', () => {
  it('are the defaults unless the seller says otherwise; a weight that is unknown is left out', async () => {
    const { body } = await shop.as('seller').call('POST', '/api/v1/products', mug(newSku()));
    expect(body).toMatchObject({ taxClass: 'standard', digital: false });
    expect(body.variants[0]).not.toHaveProperty('weightGrams');
  });

  it('are read by everybody, alone and in a list', async () => {
    const seller = shop.as('seller');
    const sku = newSku();
    const variants = [
      { sku, price, weightGrams: 1_000_000 },
      { sku: newSku(), price, weightGrams: 0 },
    ];
    const made = await seller.call(
      'POST',
      '/api/v1/products',
      mug(sku, { taxClass: 'reduced', digital: true, variants }),
    );
    const expected = {
      taxClass: 'reduced',
      digital: true,
      variants: [{ weightGrams: 1_000_000 }, { weightGrams: 0 }],
    };
    expect(made).toMatchObject({ status: 201, body: expected });
    expect((await shop.nobody.call('GET', `/api/v1/products/${made.body.id}`)).body).toMatchObject(expected);
    const list = await shop.nobody.call('GET', `/api/v1/products?sellerId=${seller.id}`);
    expect(list.body.items).toMatchObject([expected]);
  });

  it('are changed as other fields are: each change raises the version, and what is not named stays', async () => {
    const seller = shop.as('seller');
    const sku = newSku();
    const { body: made } = await seller.call('POST', '/api/v1/products', mug(sku, { taxClass: 'reduced' }));
    const path = `/api/v1/products/${made.id}`;
    const patch = (version: number, change: object) =>
      seller.call('PATCH', path, change, { 'if-match': `"${version}"` });
    expect((await patch(1, { digital: true })).body).toMatchObject({ version: 2, taxClass: 'reduced', digital: true });
    const weighed = { variants: [{ sku, weightGrams: 350 }] };
    expect((await patch(2, weighed)).headers.get('etag')).toBe('"3"');
    const repeated = await patch(2, weighed);
    expect(repeated).toMatchObject({ status: 200, body: { version: 3 } });
    expect((await patch(2, { variants: [{ sku, weightGrams: 351 }] })).status).toBe(412);
    const last = await patch(3, { taxClass: 'zero', digital: false });
    const expected = { version: 4, taxClass: 'zero', digital: false, variants: [{ sku, weightGrams: 350 }] };
    expect(last.body).toMatchObject(expected);
    expect((await shop.nobody.call('GET', path)).body).toMatchObject(expected);
    expect((await patch(4, { title: 'Cup', variants: [{ sku, title: 'Small' }] })).body).toMatchObject({
      ...expected,
      version: 5,
    });
  });

  it('are sent to order, by the event and by the export', async () => {
    const [heavy, light] = [newSku(), newSku()];
    const variants = [
      { sku: heavy, price, weightGrams: 2500 },
      { sku: light, price },
    ];
    const product = mug(heavy, { taxClass: 'reduced', digital: true, categories: ['kitchen', 'gifts'], variants });
    const { body } = await shop.as('seller').call('POST', '/api/v1/products', product);
    const { data } = await shop.told('product.changed.v1', body.id);
    expect(data).toMatchObject({ taxClass: 'reduced', digital: true, categories: ['kitchen', 'gifts'] });
    expect(data.variants.map(({ weightGrams }) => weightGrams)).toEqual([2500, undefined]);
    const exported = await shop.nobody.call('GET', `/internal/v1/sellable-variants?sku=${heavy}`);
    expect(JSON.parse(exported.body)).toEqual(data);
  });
});

describe('an import', () => {
  it('of CSV takes them from columns, and leaves what has no column or no text', async () => {
    const seller = shop.as('seller');
    const [a, b, c, d] = Array.from({ length: 4 }, newSku);
    const text = [
      'product,sku,title,price,currency,taxClass,digital,weightGrams',
      `book,${a},Book,1999,EUR,reduced,FALSE,420`,
      `book,${b},,2199,EUR,,,`,
      `,${c},E-book,999,EUR,reduced,True,`,
      `,${d},Bad,999,EUR,Full rate,perhaps,1.5`,
    ].join('\n');
    const { body } = await upload(seller, text, CSV);
    expect(body).toMatchObject({ created: 2, failed: 1 });
    expect(body.errors.map(({ line, field }: { line: number; field: string }) => [line, field])).toEqual([
      [5, 'taxClass'],
      [5, 'digital'],
      [5, 'weightGrams'],
    ]);
    const book = await productOf(shop, a ?? '');
    expect(book).toMatchObject({ taxClass: 'reduced', digital: false, variants: [{ weightGrams: 420 }, { sku: b }] });
    expect(book.variants[1]).not.toHaveProperty('weightGrams');
    expect(await productOf(shop, c ?? '')).toMatchObject({ taxClass: 'reduced', digital: true });
    expect((await upload(seller, text, CSV)).body).toMatchObject({ unchanged: 2 });
    const again = await upload(seller, `sku,title,weightGrams,digital\n${a},Large book,,\n`, CSV);
    expect(again.body).toMatchObject({ updated: 1 });
    expect(await productOf(shop, a ?? '')).toMatchObject({
      ...{ title: 'Large book', taxClass: 'reduced' },
      variants: [{ weightGrams: 420 }, {}],
    });
  });

  it('of NDJSON takes them from fields', async () => {
    const sku = newSku();
    const row = ndjsonRow(sku, { taxClass: 'zero', digital: true }, { weightGrams: 80 });
    expect((await upload(shop.as('seller'), row)).body).toMatchObject({ created: 1 });
    expect(await productOf(shop, sku)).toMatchObject({
      ...{ taxClass: 'zero', digital: true },
      variants: [{ weightGrams: 80 }],
    });
  });
});

describe('a product from before there were tax classes', () => {
  it('has the defaults, and keeps them through a change', async () => {
    const seller = shop.as('seller');
    const { body } = await seller.call('POST', '/api/v1/products', mug(newSku()));
    // As the version before has stored it.
    await shop.service.pool.query({
      text: `update product set summary = replace(summary, ',"taxClass":"standard","digital":false', '') where id = $1`,
      values: [body.id],
    });
    const path = `/api/v1/products/${body.id}`;
    const read = await shop.nobody.call('GET', path);
    expect(read.body).toEqual(body);
    const changed = await seller.call('PATCH', path, { title: 'Cup' }, { 'if-match': '"1"' });
    expect(changed.body).toMatchObject({ version: 2, taxClass: 'standard', digital: false });
  });
});
