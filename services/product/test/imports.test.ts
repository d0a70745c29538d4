import { request } from 'node:http';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, mug, newSku, openShop, placed, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ IMPORT_MAX_ROWS: 12_000 });
});
afterAll(() => shop.service.stop());

const NDJSON = { 'content-type': 'application/x-ndjson' };
const CSV = { 'content-type': 'text/csv; charset=utf-8' };
const load = (actor: Actor, text: string, type = NDJSON) => actor.call('POST', '/api/v1/products/imports', text, type);

const row = (sku: string, over: Record<string, unknown> = {}, variant = {}) => JSON.stringify(mug(sku, over, variant));

async function ofSeller(sellerId: string) {
  const { rows } = await shop.service.pool.query<{ title: string; version: number; skus: string }>({
    text: `select title, version, (select string_agg(sku, ',' order by position) from variant where product_id = p.id) as skus
      from product p where seller_id = $1 order by id`,
    values: [sellerId],
  });
  return rows;
}

describe('an import of NDJSON', () => {
  it('takes ten thousand rows, reports the bad ones, and changes nothing the second time', async () => {
    const seller = shop.as('seller');
    const prefix = newSku();
    const bad = new Map<number, string>([
      [1, '{"title": '],
      [777, row('X', { title: '' })],
      [5000, row(`${prefix}-b`, {}, { price: { amount: 1.5, currency: 'EUR' } })],
      [9999, '[]'],
    ]);
    const lines = Array.from(
      { length: 10_000 },
      (_, n) => bad.get(n + 1) ?? row(`${prefix}-${n}`, { title: `Import ${n % 100}` }),
    );
    const text = lines.join('\r\n');
    const first = await load(seller, text);
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
    const again = await load(seller, text);
    expect(again.body).toMatchObject({ created: 0, updated: 0, unchanged: 9996, failed: 4 });
  });

  it('changes what is there, by SKU, but not its stock', async () => {
    const seller = shop.as('seller');
    const [a, b] = [newSku(), newSku()];
    await load(seller, row(a));
    await shop.publish(placed([{ sku: a, quantity: 3 }]));
    const change = row(a, {
      title: 'Red mug',
      variants: [
        { sku: a, price: { amount: 2100, currency: 'EUR' }, stock: 500 },
        { sku: b, price: { amount: 2200, currency: 'EUR' }, stock: 4 },
      ],
    });
    expect((await load(seller, change)).body).toMatchObject({
      created: 0,
      updated: 1,
      unchanged: 0,
      failed: 0,
      errors: [],
    });
    expect(await ofSeller(seller.id)).toEqual([{ title: 'Red mug', version: 2, skus: `${a},${b}` }]);
    expect(await shop.stock(a)).toEqual({ onHand: 10, reserved: 3, available: 7 });
    expect(await shop.stock(b)).toMatchObject({ onHand: 4 });
    expect((await load(seller, change)).body).toMatchObject({ unchanged: 1 });
  });

  it('works out rows about the same product one after the other', async () => {
    const seller = shop.as('seller');
    const [a, b] = [newSku(), newSku()];
    const variants = [a, b].map((sku) => ({ sku, price: { amount: 1, currency: 'EUR' } }));
    const text = [
      row(a, { variants }),
      row(a, { title: 'Second', description: 'of a' }),
      row(b, { title: 'Third', description: 'of b' }),
    ].join('\n');
    expect((await load(seller, text)).body).toMatchObject({ created: 1, updated: 2, failed: 0 });
    const [product] = await ofSeller(seller.id);
    expect(product).toMatchObject({ title: 'Third', skus: `${a},${b}` });
  });

  it('leaves alone what is another’s, archived, or torn between two products', async () => {
    const [seller, other] = [shop.as('seller'), shop.as('seller')];
    const [mine, theirs, gone, second] = [newSku(), newSku(), newSku(), newSku()];
    await load(other, row(theirs));
    await load(seller, [row(mine), row(gone), row(second)].join('\n'));
    const { body } = await seller.call('GET', `/api/v1/products?sellerId=${seller.id}`);
    const archived = body.items.find((item: { variants: { sku: string }[] }) => item.variants[0]?.sku === gone);
    await seller.call('DELETE', `/api/v1/products/${archived.id}`, undefined, { 'if-match': '*' });
    const both = [mine, second].map((sku) => ({ sku, price: { amount: 1, currency: 'EUR' } }));
    const text = [
      row(theirs, { title: 'Mine now' }),
      row(gone, { title: 'Back' }),
      row('', { variants: both }),
      row(mine, {}, { price: { amount: 5, currency: 'USD' } }),
    ].join('\n');
    const done = await load(seller, text);
    expect(done.body).toMatchObject({ created: 0, updated: 0, failed: 4 });
    expect(done.body.errors.map(({ line, field }: { line: number; field: string }) => `${line} ${field}`)).toEqual([
      '1 /variants/0/sku',
      '2 ',
      '3 /variants',
      '4 /variants/0/price/currency',
    ]);
    expect(await ofSeller(other.id)).toMatchObject([{ title: 'Blue mug', version: 1 }]);
    expect((await load(shop.as('admin'), row(theirs, { title: 'By an admin' }))).body).toMatchObject({ updated: 1 });
  });

  it('is bounded by rows and by the length of each', async () => {
    const seller = shop.as('seller');
    const long = `{"title":"${'x'.repeat(300 * 1024)}"}`;
    const done = await load(seller, [row(newSku()), long, '', row(newSku())].join('\n'));
    expect(done.body).toMatchObject({ created: 2, failed: 1, errors: [{ line: 2 }] });
    const many = await load(seller, '{}\n'.repeat(12_001));
    expect(many).toMatchObject({ status: 413, body: { code: 'too_large' } });
    expect((await load(seller, '{}\n'.repeat(2_000))).body).toMatchObject({ failed: 2_000 });
    const listed = (await load(seller, '{}\n'.repeat(2_000))).body;
    expect(listed.errors).toHaveLength(1_000);
    expect(listed.moreErrors).toBeGreaterThan(1_000);
    expect((await load(seller, '')).body).toMatchObject({ created: 0, failed: 0 });
  });

  it('keeps whole batches of an upload that breaks off', async () => {
    const seller = shop.as('seller');
    const url = new URL(`${shop.service.url}/api/v1/products/imports`);
    const upload = request(url, {
      method: 'POST',
      headers: { ...NDJSON, ...shop.service.issuer.headers({ role: 'seller', accountId: seller.id }) },
    });
    upload.on('error', () => undefined);
    const prefix = newSku();
    upload.write(Array.from({ length: 250 }, (_, n) => `${row(`${prefix}-${n}`)}\n`).join(''));
    await until(async () => (await ofSeller(seller.id)).length === 200);
    upload.destroy();
    await until(async () => {
      const { body } = await shop.nobody.call('GET', '/api/v1/categories');
      return body.items.length > 0;
    });
    expect(await ofSeller(seller.id)).toHaveLength(200);
  });

  it('is for sellers, and for the content types it knows', async () => {
    expect((await load(shop.nobody, row(newSku()))).status).toBe(401);
    expect((await load(shop.as('customer'), row(newSku()))).status).toBe(403);
    expect((await load(shop.as('seller'), '{}', { 'content-type': 'application/json' })).status).toBe(415);
    expect((await load(shop.as('seller'), 'x', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('is done side by side with another of the same rows', async () => {
    const seller = shop.as('seller');
    const prefix = newSku();
    const rows = Array.from({ length: 300 }, (_, n) => row(`${prefix}-${n}`, { title: 'Same title' }));
    const [one, two] = await Promise.all([load(seller, rows.join('\n')), load(seller, rows.toReversed().join('\n'))]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(one.body.created + two.body.created).toBe(300);
    expect(one.body.unchanged + two.body.unchanged).toBe(300);
  });
});

describe('an import of CSV', () => {
  it('makes one product of records with the same name, and names the column that is wrong', async () => {
    const seller = shop.as('seller');
    const [a, b, c, d, e] = Array.from({ length: 5 }, newSku);
    const text = [
      '\ufeffproduct,sku,title,description,categories,variantTitle,price,currency,stock,attribute:size',
      `shirt,${a},Shirt,"Soft, with ""quotes""\nand two lines",clothes|summer,Small,1999,EUR,5,S`,
      `shirt,${b},,,,Large,2199,EUR,6,L`,
      `,${c},Hat,,clothes,,999,EUR,,`,
      `,${d},Bad price,,clothes,,9.99,EUR,1,`,
      `,${e},No stock like this,,clothes,,999,EUR,-1,`,
      `,bad sku,Bad SKU,,,,1,EUR,1,`,
    ].join('\n');
    const done = await load(seller, text, CSV);
    expect(done.body).toMatchObject({ created: 2, failed: 3 });
    expect(done.body.errors.map(({ line, field }: { line: number; field: string }) => [line, field])).toEqual([
      [6, 'price'],
      [7, 'stock'],
      [8, 'sku'],
    ]);
    expect(await ofSeller(seller.id)).toMatchObject([
      { title: 'Shirt', skus: `${a},${b}` },
      { title: 'Hat', skus: c },
    ]);
    const { body } = await seller.call('GET', `/api/v1/products?sellerId=${seller.id}&sort=-price`);
    const shirt = await shop.nobody.call('GET', `/api/v1/products/${body.items[0].id}`);
    expect(shirt.body).toMatchObject({
      description: 'Soft, with "quotes"\nand two lines',
      categories: ['clothes', 'summer'],
      variants: [
        { title: 'Small', available: 5, attributes: { size: 'S' } },
        { title: 'Large', available: 6 },
      ],
    });
    expect((await load(seller, text, CSV)).body).toMatchObject({ unchanged: 2, failed: 3 });
  });

  it('reports a column that is not known, and records that cannot be read', async () => {
    const seller = shop.as('seller');
    const unknown = await load(seller, `sku,title,price,currency,colour\n${newSku()},Hat,1,EUR,red`, CSV);
    expect(unknown.body).toMatchObject({ failed: 1, errors: [{ line: 2, field: 'colour' }] });
    const broken = await load(
      seller,
      `sku,title,price,currency\n${newSku()},Hat,1,EUR,too,many\n${newSku()},Cap,1,EUR\n`,
      CSV,
    );
    expect(broken.body).toMatchObject({ created: 1, failed: 1, errors: [{ line: 2 }] });
  });
});
