import { uuidv7 } from '@tradepost/postgres/uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.service.stop());

/** Changes a version of a product. */
const patch = (actor: Actor, id: string, version: number, change: object) =>
  actor.call('PATCH', `/api/v1/products/${id}`, change, { 'if-match': `"${version}"` });

describe('a change', () => {
  it('merges the fields that are named, adds and edits variants, and rises the version', async () => {
    const seller = shop.as('seller');
    const first = newSku();
    const large = { sku: newSku(), title: 'Large', attributes: { size: 'L' } };
    const { body: before } = await seller.call('POST', '/api/v1/products', mug(first));
    const changed = await patch(seller, before.id, 1, {
      title: 'Green mug',
      categories: ['kitchen', 'gifts'],
      variants: [
        { sku: first, price: { amount: 2499, currency: 'EUR' }, title: 'Small' },
        { ...large, price: { amount: 2999, currency: 'EUR' }, stock: 0 },
      ],
    });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).toBe('"2"');
    expect(changed.body).toMatchObject({
      id: before.id,
      slug: before.slug,
      title: 'Green mug',
      description: 'Holds 330 ml',
      categories: ['kitchen', 'gifts'],
      version: 2,
      minPrice: { amount: 2499 },
      maxPrice: { amount: 2999 },
      variants: [
        { sku: first, title: 'Small', price: { amount: 2499 }, priceVersion: 2, available: 10 },
        { ...large, price: { amount: 2999 }, priceVersion: 1, available: 0 },
      ],
    });
    const read = await shop.nobody.call('GET', `/api/v1/products/${before.id}`);
    expect(read.body).toEqual(changed.body);
    const same = await patch(seller, before.id, 2, { title: 'Green mug' });
    expect(same.body.version).toBe(2);
    const stock = await patch(seller, before.id, 2, { variants: [{ sku: first, stock: 5 }] });
    expect(stock).toMatchObject({
      status: 422,
      body: { code: 'unprocessable', errors: [{ field: '/variants/0/stock' }] },
    });
  });

  it('answers a change that was made before as it did then: a new variant, and an archived product', async () => {
    const seller = shop.as('seller');
    const { body } = await seller.call('POST', '/api/v1/products', mug(newSku()));
    const path = `/api/v1/products/${body.id}`;
    const variant = { sku: newSku(), price: { amount: 900, currency: 'EUR' }, stock: 4 };
    const added = { variants: [variant] };
    const ofVersion1 = { 'if-match': '"1"' };
    const [first, second] = [
      await seller.call('PATCH', path, added, ofVersion1),
      await seller.call('PATCH', path, added, ofVersion1),
    ];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body).toEqual(first.body);
    const other = { variants: [{ ...variant, price: { amount: 901, currency: 'EUR' } }] };
    expect((await seller.call('PATCH', path, other, ofVersion1)).status).toBe(412);
    const archive = () => seller.call('DELETE', path, undefined, { 'if-match': '"2"' });
    expect([(await archive()).status, (await archive()).status]).toEqual([204, 204]);
    expect((await seller.call('DELETE', path, undefined, ofVersion1)).status).toBe(204);
    expect((await seller.call('PATCH', path, { title: 'Other' }, ofVersion1)).status).toBe(412);
  });

  it('asks for the version that was read', async () => {
    const seller = shop.as('seller');
    const { body } = await seller.call('POST', '/api/v1/products', mug(newSku()));
    const path = `/api/v1/products/${body.id}`;
    const change = { title: 'Red mug' };
    expect(await seller.call('PATCH', path, change)).toMatchObject({
      status: 428,
      body: { code: 'precondition_required' },
    });
    expect(await seller.call('DELETE', path)).toMatchObject({ status: 428 });
    const stale = await seller.call('PATCH', path, change, { 'if-match': '"7"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_conflict', version: 1 } });
    expect((await seller.call('PATCH', path, change, { 'if-match': 'W/"1"' })).status).toBe(412);
    expect((await seller.call('PATCH', path, change, { 'if-match': 'abc' })).status).toBe(400);
    const racing = await Promise.all(
      ['a', 'b', 'c', 'd'].map((title) => seller.call('PATCH', path, { title }, { 'if-match': '"1"' })),
    );
    expect(racing.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    expect((await seller.call('PATCH', path, change, { 'if-match': '"2", "3"' })).status).toBe(200);
    // The same change again, as after a response that was lost, is answered as it was, and is not made twice.
    const again = await seller.call('PATCH', path, change, { 'if-match': '"2"' });
    expect(again).toMatchObject({ status: 200, body: { title: 'Red mug', version: 3 } });
    expect((await seller.call('PATCH', path, { title: 'Any' }, { 'if-match': '*' })).body.version).toBe(4);
  });

  it('is for the owner and admins only', async () => {
    const seller = shop.as('seller');
    const { body } = await seller.call('POST', '/api/v1/products', mug(newSku()));
    const path = `/api/v1/products/${body.id}`;
    const match = { 'if-match': '"1"' };
    expect(await shop.as('seller').call('PATCH', path, { title: 'Mine' }, match)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect((await shop.as('customer', seller.id).call('PATCH', path, { title: 'Mine' }, match)).status).toBe(403);
    expect((await shop.nobody.call('PATCH', path, { title: 'Mine' }, match)).status).toBe(401);
    expect((await seller.call('PATCH', `/api/v1/products/${uuidv7()}`, { title: 'Mine' }, match)).status).toBe(404);
    expect((await shop.as('admin').call('PATCH', path, { title: 'Theirs' }, match)).body).toMatchObject({
      title: 'Theirs',
      sellerId: seller.id,
    });
  });

  it('archives a variant, which is then seen by its seller only', async () => {
    const seller = shop.as('seller');
    const [first, second] = [newSku(), newSku()];
    const price = { amount: 100, currency: 'EUR' };
    const variants = [
      { sku: first, price, stock: 3 },
      { sku: second, price: { ...price, amount: 50 }, stock: 4 },
    ];
    const { body } = await seller.call('POST', '/api/v1/products', mug(first, { variants }));
    const path = `/api/v1/products/${body.id}`;
    const archived = await patch(seller, body.id, 1, { variants: [{ sku: second, status: 'archived' }] });
    expect(archived.body.variants.map((variant: { status: string }) => variant.status)).toEqual(['active', 'archived']);
    const seen = await shop.nobody.call('GET', path);
    expect(seen.body).toMatchObject({ minPrice: { amount: 100 }, variants: [{ sku: first, available: 3 }] });
    expect(seen.body.variants).toHaveLength(1);
    const last = await patch(seller, body.id, 2, { variants: [{ sku: first, status: 'archived' }] });
    expect(last).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
    expect((await shop.told('product.changed.v1', body.id)).data.version).toBe(1);
  });
});
