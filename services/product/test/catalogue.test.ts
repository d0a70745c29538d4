// Long: all cases share one catalogue
import { uuidv7 } from '@tradepost/postgres/uuid';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product } from '../src/http/schemas.ts';
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

  it('is told to the others with all that is to be known of it', async () => {
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
      variants: [{ sku, title: '', price: { amount: 1999, currency: 'EUR' }, status: 'active', priceVersion: 1 }],
    });
  });

  it('gets a slug of its own, whatever others are called', async () => {
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

describe('a change', () => {
  // Long: one change of every field, step by step
  it('merges the fields that are named, adds and edits variants, and rises the version', async () => {
    const seller = shop.as('seller');
    const [first, second] = [newSku(), newSku()];
    const { body: before } = await seller.call('POST', '/api/v1/products', mug(first));
    const changed = await seller.call(
      'PATCH',
      `/api/v1/products/${before.id}`,
      {
        title: 'Green mug',
        categories: ['kitchen', 'gifts'],
        variants: [
          { sku: first, price: { amount: 2499, currency: 'EUR' }, title: 'Small' },
          {
            sku: second,
            price: { amount: 2999, currency: 'EUR' },
            title: 'Large',
            stock: 0,
            attributes: { size: 'L' },
          },
        ],
      },
      { 'if-match': '"1"' },
    );
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
        {
          sku: second,
          title: 'Large',
          price: { amount: 2999 },
          priceVersion: 1,
          available: 0,
          attributes: { size: 'L' },
        },
      ],
    });
    const read = await shop.nobody.call('GET', `/api/v1/products/${before.id}`);
    expect(read.body).toEqual(changed.body);
    const same = await seller.call(
      'PATCH',
      `/api/v1/products/${before.id}`,
      { title: 'Green mug' },
      { 'if-match': '"2"' },
    );
    expect(same.body.version).toBe(2);
    const stock = await seller.call(
      'PATCH',
      `/api/v1/products/${before.id}`,
      { variants: [{ sku: first, stock: 5 }] },
      { 'if-match': '"2"' },
    );
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
    const archived = await seller.call(
      'PATCH',
      path,
      { variants: [{ sku: second, status: 'archived' }] },
      { 'if-match': '"1"' },
    );
    expect(archived.body.variants.map((variant: { status: string }) => variant.status)).toEqual(['active', 'archived']);
    const seen = await shop.nobody.call('GET', path);
    expect(seen.body).toMatchObject({ minPrice: { amount: 100 }, variants: [{ sku: first, available: 3 }] });
    expect(seen.body.variants).toHaveLength(1);
    const last = await seller.call(
      'PATCH',
      path,
      { variants: [{ sku: first, status: 'archived' }] },
      { 'if-match': '"2"' },
    );
    expect(last).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
    expect((await shop.told('product.changed.v1', body.id)).data.version).toBe(1);
  });
});

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
