import { request } from 'node:http';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NDJSON, ndjsonRow, ofSeller, upload } from './import-files.ts';
import { newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ IMPORT_MAX_ROWS: 12_000 });
});
afterAll(() => shop.service.stop());

describe('an import of NDJSON', () => {
  it('is bounded by rows and by the length of each', async () => {
    const seller = shop.as('seller');
    const long = `{"title":"${'x'.repeat(300 * 1024)}"}`;
    const done = await upload(seller, [ndjsonRow(newSku()), long, '', ndjsonRow(newSku())].join('\n'));
    expect(done.body).toMatchObject({ created: 2, failed: 1, errors: [{ line: 2 }] });
    const many = await upload(seller, '{}\n'.repeat(12_001));
    expect(many).toMatchObject({ status: 413, body: { code: 'too_large' } });
    const last = newSku();
    const over = await upload(seller, `${'{}\n'.repeat(11_999)}${ndjsonRow(last)}\n${ndjsonRow(newSku())}`);
    expect(over).toMatchObject({ status: 413, body: { imported: { created: 1, failed: 11_999 } } });
    expect((await shop.stock(last)).onHand).toBe(10);
    expect((await upload(seller, '{}\n'.repeat(2_000))).body).toMatchObject({ failed: 2_000 });
    const listed = (await upload(seller, '{}\n'.repeat(2_000))).body;
    expect(listed.errors).toHaveLength(1_000);
    expect(listed.moreErrors).toBeGreaterThan(1_000);
    expect((await upload(seller, '')).body).toMatchObject({ created: 0, failed: 0 });
  });

  it('keeps whole batches of an upload that breaks off', async () => {
    const seller = shop.as('seller');
    const url = new URL(`${shop.service.url}/api/v1/products/imports`);
    const sending = request(url, {
      method: 'POST',
      headers: { ...NDJSON, ...shop.service.issuer.headers({ role: 'seller', accountId: seller.id }) },
    });
    sending.on('error', () => undefined);
    const prefix = newSku();
    sending.write(Array.from({ length: 250 }, (_, n) => `${ndjsonRow(`${prefix}-${n}`)}\n`).join(''));
    await until(async () => (await ofSeller(shop, seller.id)).length === 200);
    sending.destroy();
    await until(async () => {
      const { body } = await shop.nobody.call('GET', '/api/v1/categories');
      return body.items.length > 0;
    });
    expect(await ofSeller(shop, seller.id)).toHaveLength(200);
  });

  it('is for sellers, and for the content types it knows', async () => {
    expect((await upload(shop.nobody, ndjsonRow(newSku()))).status).toBe(401);
    expect((await upload(shop.as('customer'), ndjsonRow(newSku()))).status).toBe(403);
    expect((await upload(shop.as('seller'), '{}', { 'content-type': 'application/json' })).status).toBe(415);
    for (const type of ['text/plain', 'text/csv, text/plain', 'text/csv charset=utf-8', 'csv'])
      expect(await upload(shop.as('seller'), 'x', { 'content-type': type }), type).toMatchObject({
        status: 415,
        body: { detail: expect.stringContaining('text/csv') },
      });
  });

  it('is done side by side with another of the same rows', async () => {
    const seller = shop.as('seller');
    const prefix = newSku();
    const rows = Array.from({ length: 300 }, (_, n) => ndjsonRow(`${prefix}-${n}`, { title: 'Same title' }));
    const [one, two] = await Promise.all([
      upload(seller, rows.join('\n')),
      upload(seller, rows.toReversed().join('\n')),
    ]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(one.body.created + two.body.created).toBe(300);
    expect(one.body.unchanged + two.body.unchanged).toBe(300);
  });
});
