import { uuidv7 } from '@tradepost/postgres/uuid';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product } from '../src/http/product-schemas.ts';
import { mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.service.stop());

describe('a new product', () => {
  it('is answered whole, with its ETag, and read by id and by slug', async () => {
    const seller = shop.as('seller');
    const sku = newSku();
    const made = await seller.call('POST', '/api/v1/products', {
      ...mug(sku, { title: '  Crème brûlée dish ', media: [{ url: '/media/dish.svg', alt: 'A dish' }] }),
    });
    expect(made.status).toBe(201);
    expect(made.headers.get('etag')).toBe('"1"');
    expect(made.headers.get('location')).toBe(`/api/v1/products/${made.body.id}`);
    expect(made.body).toMatchObject({
      slug: 'creme-brulee-dish',
      title: 'Crème brûlée dish',
      description: 'Holds 330 ml',
      status: 'active',
      sellerId: seller.id,
      categories: ['kitchen'],
      media: [{ url: '/media/dish.svg', alt: 'A dish' }],
      version: 1,
      inStock: true,
      minPrice: { amount: 1999, currency: 'EUR' },
      variants: [
        {
          sku,
          title: '',
          price: { amount: 1999, currency: 'EUR' },
          priceVersion: 1,
          status: 'active',
          attributes: {},
          available: 10,
        },
      ],
    });
    const byId = await shop.nobody.call('GET', `/api/v1/products/${made.body.id}`);
    const bySlug = await shop.nobody.call('GET', '/api/v1/products/creme-brulee-dish');
    expect(byId).toMatchObject({ status: 200, body: made.body });
    expect(bySlug.body).toEqual(byId.body);
    expect(Value.Errors(Product, byId.body)).toEqual([]);
    expect(byId.headers.get('etag')).toBe('"1"');
    expect(byId.headers.get('cache-control')).toBe('no-store');
  });

  it('is published with everything that others need', async () => {
    const sku = newSku();
    const { body } = await shop.as('seller').call('POST', '/api/v1/products', mug(sku));
    const event = await shop.told('product.changed.v1', body.id);
    expect(event.data).toEqual({
      productId: body.id,
      slug: body.slug,
      title: 'Blue mug',
      sellerId: body.sellerId,
      status: 'active',
      version: 1,
      ...{ taxClass: 'standard', digital: false, categories: ['kitchen'] },
      variants: [{ sku, title: '', price: { amount: 1999, currency: 'EUR' }, status: 'active', priceVersion: 1 }],
    });
  });

  it('gets a slug of its own, also when others have the same title', async () => {
    const title = `Same title ${uuidv7()}`;
    const seller = shop.as('seller');
    const all = await Promise.all(
      Array.from({ length: 8 }, () => seller.call('POST', '/api/v1/products', mug(newSku(), { title }))),
    );
    expect(all.map(({ status }) => status)).toEqual(Array(8).fill(201));
    expect(new Set(all.map(({ body }) => body.slug)).size).toBe(8);
    const cyrillic = await seller.call('POST', '/api/v1/products', mug(newSku(), { title: 'Синяя кружка' }));
    expect(cyrillic.body.slug).toBe('синяя-кружка');
    const read = await shop.nobody.call('GET', `/api/v1/products/${encodeURIComponent(cyrillic.body.slug)}`);
    expect(read.body.id).toBe(cyrillic.body.id);
    const emoji = await seller.call('POST', '/api/v1/products', mug(newSku(), { title: '🎁🎁' }));
    expect(emoji.body.slug).toMatch(/^product/);
  });

  it('is made once for one idempotency key', async () => {
    const seller = shop.as('seller');
    const body = mug(newSku());
    const key = { 'idempotency-key': uuidv7() };
    const answers = await Promise.all([1, 2, 3].map(() => seller.call('POST', '/api/v1/products', body, key)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    const other = await seller.call('POST', '/api/v1/products', { ...body, title: 'Another' }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    const another = await shop.as('seller').call('POST', '/api/v1/products', mug(newSku()), key);
    expect(another.status).toBe(201);
  });

  it('cannot have a SKU that another has, nor the same twice, nor two currencies', async () => {
    const seller = shop.as('seller');
    const [taken, free] = [newSku(), newSku()];
    await seller.call('POST', '/api/v1/products', mug(taken));
    const price = { amount: 1, currency: 'EUR' };
    const again = await seller.call(
      'POST',
      '/api/v1/products',
      mug(free, {
        variants: [
          { sku: free, price },
          { sku: taken, price },
        ],
      }),
    );
    expect(again).toMatchObject({ status: 409, body: { code: 'sku_taken', skus: [taken] } });
    expect((await shop.nobody.call('GET', `/api/v1/stock/${free}`)).status).toBe(404);
    const twice = await seller.call(
      'POST',
      '/api/v1/products',
      mug(free, {
        variants: [
          { sku: free, price },
          { sku: free, price },
        ],
      }),
    );
    expect(twice).toMatchObject({
      status: 422,
      body: { code: 'duplicate_sku', errors: [{ field: '/variants/1/sku' }] },
    });
    const mixed = await seller.call(
      'POST',
      '/api/v1/products',
      mug(free, {
        variants: [
          { sku: free, price },
          { sku: newSku(), price: { amount: 1, currency: 'USD' } },
        ],
      }),
    );
    expect(mixed).toMatchObject({
      status: 422,
      body: { code: 'mixed_currencies', errors: [{ field: '/variants/1/price/currency' }] },
    });
  });

  it('is for sellers to make', async () => {
    expect((await shop.nobody.call('POST', '/api/v1/products', mug(newSku()))).status).toBe(401);
    expect((await shop.as('customer').call('POST', '/api/v1/products', mug(newSku()))).status).toBe(403);
  });
});
