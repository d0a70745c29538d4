import { uuidv7 } from '@tradepost/postgres/uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.service.stop());

describe('an archived product', () => {
  it('is gone for others, and comes back when its seller wants it', async () => {
    const seller = shop.as('seller');
    const sku = newSku();
    const { body } = await seller.call('POST', '/api/v1/products', mug(sku));
    const path = `/api/v1/products/${body.id}`;
    const gone = await seller.call('DELETE', path, undefined, { 'if-match': '"1"' });
    expect(gone).toMatchObject({ status: 204, body: '' });
    expect((await shop.nobody.call('GET', path)).status).toBe(404);
    expect((await shop.as('seller').call('GET', path)).status).toBe(404);
    expect((await shop.as('seller').call('PATCH', path, { title: 'x' }, { 'if-match': '"2"' })).status).toBe(404);
    expect((await seller.call('GET', `/api/v1/products/${body.slug}`)).body).toMatchObject({
      status: 'archived',
      version: 2,
    });
    expect((await shop.as('admin').call('GET', path)).status).toBe(200);
    const change = await seller.call('PATCH', path, { title: 'x' }, { 'if-match': '"2"' });
    expect(change).toMatchObject({ status: 409, body: { code: 'product_archived' } });
    const list = (query: string, actor = seller) => actor.call('GET', `/api/v1/products?sellerId=${seller.id}${query}`);
    expect((await list('')).body.items).toEqual([]);
    expect((await list('&status=archived')).body.items).toMatchObject([{ id: body.id }]);
    expect((await list('&status=archived', shop.as('admin'))).body.items).toHaveLength(1);
    expect((await list('&status=archived', shop.as('seller'))).status).toBe(403);
    expect((await list('&status=archived', shop.nobody)).status).toBe(403);
    const back = await seller.call('PATCH', path, { status: 'active', title: 'Back' }, { 'if-match': '"2"' });
    expect(back.body).toMatchObject({ status: 'active', title: 'Back', version: 3 });
    expect((await shop.nobody.call('GET', path)).status).toBe(200);
  });
});

describe('a read', () => {
  it('is not repeated for a version that is known', async () => {
    const { body } = await shop.as('seller').call('POST', '/api/v1/products', mug(newSku()));
    const path = `/api/v1/products/${body.id}`;
    for (const tags of ['"1"', 'W/"1"', '"0", "1"', '*']) {
      const known = await shop.nobody.call('GET', path, undefined, { 'if-none-match': tags });
      expect(known).toMatchObject({ status: 304, body: '' });
      expect(known.headers.get('etag')).toBe('"1"');
    }
    expect((await shop.nobody.call('GET', path, undefined, { 'if-none-match': '"2"' })).status).toBe(200);
  });

  it('shows at once what was changed through the same instance', async () => {
    const seller = shop.as('seller');
    const sku = newSku();
    const { body } = await seller.call('POST', '/api/v1/products', mug(sku));
    const path = `/api/v1/products/${body.id}`;
    for (let version = 1; version <= 5; version++) {
      expect((await shop.nobody.call('GET', path)).body.version).toBe(version);
      await seller.call('PATCH', path, { title: `Mug ${version}` }, { 'if-match': `"${version}"` });
      await seller.call('POST', `/api/v1/stock/${sku}/adjustments`, { delta: 1, reason: 'found' });
      const seen = await shop.nobody.call('GET', path);
      expect(seen.body).toMatchObject({ title: `Mug ${version}`, variants: [{ available: 10 + version }] });
    }
  });

  it('says 404 for what is not there', async () => {
    for (const what of [uuidv7(), 'no-such-thing', '%E2%98%83', "';drop table product;--", 'a'.repeat(300)]) {
      const answer = await shop.nobody.call('GET', `/api/v1/products/${encodeURIComponent(what)}`);
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    }
  });
});

describe('categories', () => {
  it('are counted as products come, change and go', async () => {
    const seller = shop.as('seller');
    const slug = `c-${uuidv7().slice(-8)}`;
    const count = async () => {
      const { body } = await shop.nobody.call('GET', '/api/v1/categories?limit=200');
      return body.items.find((item: { slug: string }) => item.slug === slug)?.products ?? 0;
    };
    const make = () => seller.call('POST', '/api/v1/products', mug(newSku(), { categories: [slug, 'kitchen'] }));
    const [one, two] = [await make(), await make()];
    expect(await count()).toBe(2);
    await seller.call('PATCH', `/api/v1/products/${one.body.id}`, { categories: ['kitchen'] }, { 'if-match': '*' });
    expect(await count()).toBe(1);
    await seller.call('DELETE', `/api/v1/products/${two.body.id}`, undefined, { 'if-match': '*' });
    expect(await count()).toBe(0);
    await seller.call('PATCH', `/api/v1/products/${two.body.id}`, { status: 'active' }, { 'if-match': '*' });
    expect(await count()).toBe(1);
  });
});
