import { eventData } from '@tradepost/contracts/events';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
const skus = Array.from({ length: 1200 }, newSku);
beforeAll(async () => {
  shop = await openShop();
  const rows = skus.map((sku, n) => JSON.stringify(mug(sku, { title: `Mug ${n}` })));
  const headers = { 'content-type': 'application/x-ndjson' };
  const { body } = await shop.as('admin').call('POST', '/api/v1/products/imports', rows.join('\n'), headers);
  expect(body.created).toBe(1200);
});
afterAll(() => shop.service.stop());

async function lines(query = ''): Promise<{ productId: string; status: string; variants: { sku: string }[] }[]> {
  const answer = await shop.nobody.call('GET', `/internal/v1/sellable-variants${query}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch('application/x-ndjson');
  return answer.body
    .split('\n')
    .filter(Boolean)
    .map((line: string) => JSON.parse(line));
}

describe('what is exported for order', () => {
  it('is every product, in order of their ids, as product.changed has it', async () => {
    const all = await lines();
    expect(all).toHaveLength(1200);
    expect(all.every((line) => Value.Check(eventData['product.changed.v1'], line))).toBe(true);
    const ids = all.map((line) => line.productId);
    expect(ids).toEqual(ids.toSorted());
    expect(await lines(`?after=${ids[699]}`)).toEqual(all.slice(700));
    expect(await lines(`?after=${ids.at(-1)}`)).toEqual([]);
    const changed = await shop.told('product.changed.v1', ids[0] ?? '');
    expect(all[0]).toEqual(changed.data);
  });

  it('is asked for by SKU, archived products included', async () => {
    const [first, second] = skus;
    const found = await lines(`?sku=${first},${second},NOT-THERE`);
    expect(found.flatMap((line) => line.variants.map(({ sku }) => sku)).sort()).toEqual([first, second].sort());
    const id = found[0]?.productId;
    await shop.as('admin').call('DELETE', `/api/v1/products/${id}`, undefined, { 'if-match': '*' });
    const again = await lines(`?sku=${found[0]?.variants[0]?.sku}`);
    expect(again).toMatchObject([{ productId: id, status: 'archived', version: 2 }]);
    expect(await lines('?sku=NOT-THERE')).toEqual([]);
  });

  it('is refused for more SKUs than fit, and for other parameters', async () => {
    const path = '/internal/v1/sellable-variants';
    const many = await shop.nobody.call(
      'GET',
      `${path}?sku=${Array.from({ length: 101 }, (_, n) => `A${n}`).join(',')}`,
    );
    expect(many).toMatchObject({ status: 400, body: { errors: [{ field: '?sku' }] } });
    expect((await shop.nobody.call('GET', `${path}?after=1`)).status).toBe(400);
    expect((await shop.nobody.call('GET', `${path}?limit=1`)).status).toBe(400);
  });
});

describe('the API', () => {
  it('describes itself, without what is internal', async () => {
    const { body } = await shop.nobody.call('GET', '/openapi.json');
    const own = Object.keys(body.paths).filter((path) => !path.startsWith('/api/v1/admin/'));
    expect(own.sort()).toEqual([
      '/api/v1/categories',
      '/api/v1/categories/navigation',
      '/api/v1/products',
      '/api/v1/products/imports',
      '/api/v1/products/suggestions',
      '/api/v1/products/{idOrSlug}',
      '/api/v1/products/{id}',
      '/api/v1/products/{id}/featured',
      '/api/v1/stock',
      '/api/v1/stock/{sku}',
      '/api/v1/stock/{sku}/adjustments',
      '/api/v1/stock/{sku}/history',
      '/api/v1/stock/{sku}/holds',
    ]);
    expect(Object.keys(body.paths['/api/v1/products/imports'].post.requestBody.content)).toEqual([
      'application/x-ndjson',
      'text/csv',
    ]);
  });
});
