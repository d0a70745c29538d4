import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countRows, fieldsOf } from './refusals.ts';
import { type Actor, mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
let seller: Actor;
beforeAll(async () => {
  shop = await openShop();
  seller = shop.as('seller');
});
afterAll(() => shop.service.stop());

describe('a change that makes no sense', () => {
  it('is refused, and changes nothing', async () => {
    const sku = newSku();
    const { body } = await seller.call('POST', '/api/v1/products', mug(sku));
    const path = `/api/v1/products/${body.id}`;
    const before = await countRows(shop);
    const bad = [
      { title: null },
      { price: 5 },
      { status: 'deleted' },
      { version: 7 },
      { slug: 'mine' },
      { variants: [] },
      { variants: [{ sku, price: -1 }] },
      [],
      null,
    ];
    for (const change of bad) {
      expect((await seller.call('PATCH', path, change, { 'if-match': '"1"' })).status).toBe(400);
    }
    const strange = [
      { variants: [{ sku: newSku() }] },
      { variants: [{ sku, price: { amount: 1, currency: 'USD' } }] },
      { variants: [{ sku }, { sku }] },
    ];
    for (const change of strange) {
      expect((await seller.call('PATCH', path, change, { 'if-match': '"1"' })).status).toBe(422);
    }
    expect((await seller.call('PATCH', '/api/v1/products/not-an-id', {}, { 'if-match': '"1"' })).status).toBe(400);
    expect(await countRows(shop)).toEqual(before);
    expect((await shop.nobody.call('GET', path)).body).toEqual(body);
  });
});

describe('an adjustment that makes no sense', () => {
  it('is refused', async () => {
    const sku = newSku();
    await seller.call('POST', '/api/v1/products', mug(sku));
    const before = await countRows(shop);
    const bad = [
      ...[0, 1.5, 1e9, -1e9, '5', null].map((delta) => ({ delta, reason: 'x' })),
      ...['', '  ', 'x'.repeat(201), 5].map((reason) => ({ delta: 1, reason })),
      ...[{ delta: 1 }, { reason: 'x' }, { delta: 1, reason: 'x', onHand: 7 }],
    ];
    for (const body of bad) {
      const answer = await seller.call('POST', `/api/v1/stock/${sku}/adjustments`, body);
      expect([body, answer.status]).toEqual([body, 400]);
    }
    expect(await countRows(shop)).toEqual(before);
  });
});

describe('a request that is malformed', () => {
  it('is answered with the problem that it has', async () => {
    const post = (body: string, type = 'application/json') =>
      seller.call('POST', '/api/v1/products', body, { 'content-type': type });
    expect(await post('{"title": ')).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    expect(await post('{"title":"a","title":"b"}')).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    expect(await post('[['.repeat(50))).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    expect(await post('title=a', 'application/x-www-form-urlencoded')).toMatchObject({ status: 415 });
    expect(await post('<a/>', 'text/xml')).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
    expect(await post(JSON.stringify({ title: 'x'.repeat(10 * 1024 * 1024) }))).toMatchObject({ status: 413 });
    expect((await seller.call('PUT', '/api/v1/products', {})).status).toBe(405);
  });

  it('is refused for its query', async () => {
    const bad = [
      'limit=0',
      'limit=101',
      'limit=abc',
      'limit=1.5',
      'minPrice=-1',
      'maxPrice=x',
      'inStock=maybe',
      'sort=random',
      'colour=blue',
    ];
    bad.push(
      'category=A%20B',
      'sellerId=me',
      'status=deleted',
      'currency=euro',
      `q=${'x'.repeat(201)}`,
      'q=a&q=b',
      'minPrice=1e99',
    );
    for (const query of bad) {
      const answer = await shop.nobody.call('GET', `/api/v1/products?${query}`);
      expect([query, answer.status]).toEqual([query, 400]);
      expect(fieldsOf(answer)).toContain(`?${query.split('=')[0]}`);
    }
    expect((await shop.nobody.call('GET', '/api/v1/categories?limit=1000')).status).toBe(400);
  });

  it('is refused for a token that is not good', async () => {
    const { issuer } = shop.service;
    const bad = [
      issuer.token({ role: 'seller', expiresIn: -60 }),
      issuer.token({ role: 'seller', claims: { iss: 'somebody' } }),
      issuer.token({ role: 'seller', header: { alg: 'none' } }),
      `${issuer.token({ role: 'seller' }).slice(0, -8)}AAAAAAAA`,
      'nonsense',
    ];
    for (const token of bad) {
      const answer = await shop.nobody.call('POST', '/api/v1/products', mug(newSku()), {
        authorization: `Bearer ${token}`,
      });
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    }
    const pretending = await shop.nobody.call('POST', '/api/v1/products', mug(newSku()), {
      'x-account-id': seller.id,
      'x-user-role': 'admin',
      'x-forwarded-user': seller.id,
    });
    expect(pretending.status).toBe(401);
  });
});
