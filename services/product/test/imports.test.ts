import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ndjsonRow, ofSeller, upload } from './import-files.ts';
import { placed } from './order-events.ts';
import { newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ IMPORT_MAX_ROWS: 12_000 });
});
afterAll(() => shop.service.stop());

describe('an import of NDJSON', () => {
  it('takes ten thousand rows, reports the bad ones, and changes nothing the second time', async () => {
    const seller = shop.as('seller');
    const prefix = newSku();
    const bad = new Map<number, string>([
      [1, '{"title": '],
      [777, ndjsonRow('X', { title: '' })],
      [5000, ndjsonRow(`${prefix}-b`, {}, { price: { amount: 1.5, currency: 'EUR' } })],
      [9999, '[]'],
    ]);
    const lines = Array.from(
      { length: 10_000 },
      (_, n) => bad.get(n + 1) ?? ndjsonRow(`${prefix}-${n}`, { title: `Import ${n % 100}` }),
    );
    const text = lines.join('\r\n');
    const first = await upload(seller, text);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ created: 9996, updated: 0, unchanged: 0, failed: 4 });
    expect(first.body.errors.map(({ line, field }: { line: number; field: string }) => [line, field])).toEqual(
      expect.arrayContaining([
        [1, ''],
        [777, '/title'],
        [5000, '/variants/0/price/amount'],
        [9999, ''],
      ]),
    );
    const { rows } = await shop.service.pool.query<{ products: number; slugs: number; units: number }>({
      text: `select count(*) as products, count(distinct slug) as slugs,
          (select sum(on_hand) from stock s join product q on q.id = s.product_id where q.seller_id = $1) as units
        from product where seller_id = $1`,
      values: [seller.id],
    });
    expect(rows[0]).toEqual({ products: 9996, slugs: 9996, units: 99_960 });
    await until(
      () =>
        shop.service.events.filter(
          ({ type, data }) => type === 'product.changed.v1' && 'sellerId' in data && data.sellerId === seller.id,
        ).length === 9996,
    );
    const again = await upload(seller, text);
    expect(again.body).toMatchObject({ created: 0, updated: 0, unchanged: 9996, failed: 4 });
  });

  it('changes what is there, by SKU, but not its stock', async () => {
    const seller = shop.as('seller');
    const [a, b] = [newSku(), newSku()];
    await upload(seller, ndjsonRow(a));
    await shop.publish(placed([{ sku: a, quantity: 3 }]));
    const change = ndjsonRow(a, {
      title: 'Red mug',
      variants: [
        { sku: a, price: { amount: 2100, currency: 'EUR' }, stock: 500 },
        { sku: b, price: { amount: 2200, currency: 'EUR' }, stock: 4 },
      ],
    });
    expect((await upload(seller, change)).body).toMatchObject({
      created: 0,
      updated: 1,
      unchanged: 0,
      failed: 0,
      errors: [],
    });
    expect(await ofSeller(shop, seller.id)).toEqual([{ title: 'Red mug', version: 2, skus: `${a},${b}` }]);
    expect(await shop.stock(a)).toEqual({ onHand: 10, reserved: 3, available: 7 });
    expect(await shop.stock(b)).toMatchObject({ onHand: 4 });
    expect((await upload(seller, change)).body).toMatchObject({ unchanged: 1 });
  });

  it('works out rows about the same product one after the other', async () => {
    const seller = shop.as('seller');
    const [a, b] = [newSku(), newSku()];
    const variants = [a, b].map((sku) => ({ sku, price: { amount: 1, currency: 'EUR' } }));
    const text = [
      ndjsonRow(a, { variants }),
      ndjsonRow(a, { title: 'Second', description: 'of a' }),
      ndjsonRow(b, { title: 'Third', description: 'of b' }),
    ].join('\n');
    expect((await upload(seller, text)).body).toMatchObject({ created: 1, updated: 2, failed: 0 });
    const [product] = await ofSeller(shop, seller.id);
    expect(product).toMatchObject({ title: 'Third', skus: `${a},${b}` });
  });

  it('leaves alone what is another’s, archived, or torn between two products', async () => {
    const [seller, other] = [shop.as('seller'), shop.as('seller')];
    const [mine, theirs, gone, second] = [newSku(), newSku(), newSku(), newSku()];
    await upload(other, ndjsonRow(theirs));
    await upload(seller, [ndjsonRow(mine), ndjsonRow(gone), ndjsonRow(second)].join('\n'));
    const { body } = await seller.call('GET', `/api/v1/products?sellerId=${seller.id}`);
    const archived = body.items.find((item: { variants: { sku: string }[] }) => item.variants[0]?.sku === gone);
    await seller.call('DELETE', `/api/v1/products/${archived.id}`, undefined, { 'if-match': '*' });
    const both = [mine, second].map((sku) => ({ sku, price: { amount: 1, currency: 'EUR' } }));
    const text = [
      ndjsonRow(theirs, { title: 'Mine now' }),
      ndjsonRow(gone, { title: 'Back' }),
      ndjsonRow('', { variants: both }),
      ndjsonRow(mine, {}, { price: { amount: 5, currency: 'USD' } }),
    ].join('\n');
    const done = await upload(seller, text);
    expect(done.body).toMatchObject({ created: 0, updated: 0, failed: 4 });
    expect(done.body.errors.map(({ line, field }: { line: number; field: string }) => `${line} ${field}`)).toEqual([
      '1 /variants/0/sku',
      '2 ',
      '3 /variants',
      '4 /variants/0/price/currency',
    ]);
    expect(await ofSeller(shop, other.id)).toMatchObject([{ title: 'Blue mug', version: 1 }]);
    expect((await upload(shop.as('admin'), ndjsonRow(theirs, { title: 'By an admin' }))).body).toMatchObject({
      updated: 1,
    });
  });
});
