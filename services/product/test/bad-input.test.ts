// Long: a table of inputs
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, type Answer, mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
let seller: Actor;
beforeAll(async () => {
  shop = await openShop();
  seller = shop.as('seller');
});
afterAll(() => shop.service.stop());

/** How many rows there are of everything that a request might have written. */
async function counts(): Promise<unknown> {
  // What was written before has been published by then.
  await shop.settled();
  const tables = [
    'product',
    'variant',
    'stock',
    'stock_adjustment',
    'category',
    'idempotency_key',
    'outbox',
    'search_word',
  ];
  const { rows } = await shop.service.pool.query({
    text: `select ${tables.map((table) => `(select count(*) from ${table}) as ${table}`).join(', ')}`,
  });
  return rows[0];
}

const fieldsOf = ({ body }: Answer): string[] => body.errors?.map((error: { field: string }) => error.field) ?? [];

describe('a product that makes no sense', () => {
  const price = (amount: unknown, currency: unknown = 'EUR') => ({
    variants: [{ sku: newSku(), price: { amount, currency } }],
  });
  const cases: [string, Record<string, unknown>, string][] = [
    ['no title', { title: undefined }, '/title'],
    ['an empty title', { title: '' }, '/title'],
    ['a blank title', { title: ' \t ' }, '/title'],
    ['a long title', { title: 'x'.repeat(201) }, '/title'],
    ['a title that is a number', { title: 5 }, '/title'],
    ['a title of two lines', { title: 'a\nb' }, '/title'],
    ['no description', { description: undefined }, '/description'],
    ['a long description', { description: 'x'.repeat(10_001) }, '/description'],
    ['an unknown field', { colour: 'blue' }, '/colour'],
    ['a field that is not the sender’s', { sellerId: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11' }, '/sellerId'],
    ['no variants', { variants: [] }, '/variants'],
    ['too many variants', { variants: Array.from({ length: 101 }, () => price(1).variants[0]) }, '/variants'],
    ['a negative price', price(-1), '/variants/0/price/amount'],
    ['a fractional price', price(19.99), '/variants/0/price/amount'],
    ['a huge price', price(1e15), '/variants/0/price/amount'],
    ['a price as text', price('1999'), '/variants/0/price/amount'],
    ['a currency that does not exist', price(1, 'ZZZ'), '/variants/0/price/currency'],
    ['a currency without a minor unit', price(1, 'XAU'), '/variants/0/price/currency'],
    ['a currency in small letters', price(1, 'eur'), '/variants/0/price/currency'],
    ['a price without currency', { variants: [{ sku: 'A', price: { amount: 1 } }] }, '/variants/0/price/currency'],
    ['negative stock', { variants: [{ ...price(1).variants[0], stock: -1 }] }, '/variants/0/stock'],
    ['fractional stock', { variants: [{ ...price(1).variants[0], stock: 1.5 }] }, '/variants/0/stock'],
    ['huge stock', { variants: [{ ...price(1).variants[0], stock: 1e12 }] }, '/variants/0/stock'],
    ['a SKU with a space', { variants: [{ ...price(1).variants[0], sku: 'A B' }] }, '/variants/0/sku'],
    ['a SKU with a quote', { variants: [{ ...price(1).variants[0], sku: "A'--" }] }, '/variants/0/sku'],
    [
      'an unknown field of a variant',
      { variants: [{ ...price(1).variants[0], available: 5 }] },
      '/variants/0/available',
    ],
    ['a category that is no slug', { categories: ['Home & Garden'] }, '/categories/0'],
    ['a category twice', { categories: ['a', 'a'] }, '/categories'],
    ['eleven categories', { categories: Array.from({ length: 11 }, (_, n) => `c${n}`) }, '/categories'],
    ['a script as picture', { media: [{ url: 'javascript:alert(1)', alt: '' }] }, '/media/0/url'],
    ['a script in a picture', { media: [{ url: 'data:text/html,<script>', alt: '' }] }, '/media/0/url'],
    ['a picture without TLS', { media: [{ url: 'http://example.com/a.png', alt: '' }] }, '/media/0/url'],
    ['a picture outside of the media', { media: [{ url: '/media/../api/v1/auth/sign-out', alt: '' }] }, '/media/0/url'],
    ['a picture on another host', { media: [{ url: '//evil.example/a.png', alt: '' }] }, '/media/0/url'],
    ['credentials in a picture', { media: [{ url: 'https://user:pass@example.com/a.png', alt: '' }] }, '/media/0/url'],
    ['a picture at a port that does not exist', { media: [{ url: 'https://a:99999/', alt: '' }] }, '/media/0/url'],
    ['a picture of a host that is not ASCII', { media: [{ url: 'https://аpple.com/a.png', alt: '' }] }, '/media/0/url'],
    ['a picture at an address that is none', { media: [{ url: 'https://1.2.3.999/', alt: '' }] }, '/media/0/url'],
    [
      'an attribute that is no text',
      { variants: [{ ...price(1).variants[0], attributes: { size: 5 } }] },
      '/variants/0/attributes/size',
    ],
    [
      'an attribute with a strange name',
      { variants: [{ ...price(1).variants[0], attributes: { 'a b': 'x' } }] },
      '/variants/0/attributes/a b',
    ],
  ];

  it.each(cases)('is refused for %s', async (_, over, field) => {
    const before = await counts();
    const answer = await seller.call('POST', '/api/v1/products', mug(newSku(), over));
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(fieldsOf(answer)).toContain(field);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(await counts()).toEqual(before);
  });

  it('is refused at once, however long its title is and whoever sends it', async () => {
    const product = mug(newSku(), { title: `${'a'.repeat(100_000)}\u0001` });
    const before = process.cpuUsage();
    expect((await shop.as('customer').call('POST', '/api/v1/products', product)).status).toBe(403);
    const answer = await seller.call('POST', '/api/v1/products', product);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(answer.body.errors).toEqual([{ field: '/title', message: 'must NOT have more than 200 characters' }]);
    const { user, system } = process.cpuUsage(before);
    // A pattern that takes time in proportion to the square of the length would take 20 seconds of CPU, or more.
    expect((user + system) / 1000).toBeLessThan(2000);
  });

  it('names every field that is wrong', async () => {
    const answer = await seller.call('POST', '/api/v1/products', {
      title: '',
      variants: [{ sku: '', price: { amount: -1 } }],
    });
    expect(fieldsOf(answer)).toEqual(
      expect.arrayContaining([
        '/title',
        '/description',
        '/variants/0/sku',
        '/variants/0/price/amount',
        '/variants/0/price/currency',
      ]),
    );
  });

  it('accepts what only looks strange', async () => {
    const media = ['https://cdn.example.com/a.png?x=1#y', 'https://example.com', '/media/a/b-c_d.~e.svg'].map(
      (url) => ({ url, alt: '' }),
    );
    expect((await seller.call('POST', '/api/v1/products', mug(newSku(), { media, description: '' }))).status).toBe(201);
    expect(
      (await seller.call('POST', '/api/v1/products', mug(newSku(), {}, { price: { amount: 0, currency: 'EUR' } })))
        .status,
    ).toBe(201);
  });
});

describe('a change that makes no sense', () => {
  it('is refused, and changes nothing', async () => {
    const sku = newSku();
    const { body } = await seller.call('POST', '/api/v1/products', mug(sku));
    const path = `/api/v1/products/${body.id}`;
    const before = await counts();
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
    expect(await counts()).toEqual(before);
    expect((await shop.nobody.call('GET', path)).body).toEqual(body);
  });
});

describe('an adjustment that makes no sense', () => {
  it('is refused', async () => {
    const sku = newSku();
    await seller.call('POST', '/api/v1/products', mug(sku));
    const before = await counts();
    const bad = [
      ...[0, 1.5, 1e9, -1e9, '5', null].map((delta) => ({ delta, reason: 'x' })),
      ...['', '  ', 'x'.repeat(201), 5].map((reason) => ({ delta: 1, reason })),
      ...[{ delta: 1 }, { reason: 'x' }, { delta: 1, reason: 'x', onHand: 7 }],
    ];
    for (const body of bad) {
      const answer = await seller.call('POST', `/api/v1/stock/${sku}/adjustments`, body);
      expect([body, answer.status]).toEqual([body, 400]);
    }
    expect(await counts()).toEqual(before);
  });
});

describe('text that would like to be something else', () => {
  const nasty = [
    "Robert'); drop table product;--",
    '<script>alert("x")</script>',
    '{{7*7}} $[7*7] <%= 7*7 %>',
    '%s%n \\u0000 \\x1f "quoted" \\',
    '😀 👩\u200d🚀 می\u200cخواهم',
  ];

  it('comes back as it was sent', async () => {
    for (const text of nasty) {
      const sku = newSku();
      const made = await seller.call('POST', '/api/v1/products', {
        title: text,
        description: `${text}\n\t${text}`,
        media: [{ url: '/media/a.svg', alt: text }],
        variants: [{ sku, title: text, price: { amount: 1, currency: 'EUR' }, attributes: { size: text } }],
      });
      expect(made.status).toBe(201);
      const read = await shop.nobody.call('GET', `/api/v1/products/${made.body.id}`);
      expect(read.body).toMatchObject({
        title: text,
        description: `${text}\n\t${text}`,
        media: [{ alt: text }],
        variants: [{ title: text, attributes: { size: text } }],
      });
      expect(read.headers.get('content-type')).toBe('application/json; charset=utf-8');
      const listed = await shop.nobody.call('GET', `/api/v1/products?sellerId=${seller.id}&limit=1`);
      expect(listed.body.items[0].title).toBe(text);
      expect((await shop.nobody.call('GET', `/api/v1/products?q=${encodeURIComponent(text)}`)).status).toBe(200);
      const adjusted = await seller.call('POST', `/api/v1/stock/${sku}/adjustments`, { delta: 1, reason: text });
      expect(adjusted.body.reason).toBe(text);
    }
    expect((await shop.nobody.call('GET', '/api/v1/products')).status).toBe(200);
  });

  it('is stored without what nobody sees, and refused with what controls', async () => {
    const made = await seller.call('POST', '/api/v1/products', {
      ...mug(newSku(), { title: '  Cafe\u0301 \u200bau lait\u00ad ', description: ' a\r\nb\u2028c ' }),
    });
    expect(made.body).toMatchObject({ title: 'Café au lait', description: 'a\nb\nc' });
    for (const title of ['a\u202eb', 'a\u001b[31m', 'a\u2028b', 'K\ufffdse', '\u200b', '\u3164']) {
      const refused = await seller.call('POST', '/api/v1/products', mug(newSku(), { title }));
      expect([refused.status, fieldsOf(refused)]).toEqual([400, ['/title']]);
    }
  });

  it('is refused where it cannot be stored', async () => {
    const raw = JSON.stringify(mug(newSku())).replace('Blue mug', 'Blue\\u0000mug');
    const answer = await seller.call('POST', '/api/v1/products', raw, { 'content-type': 'application/json' });
    expect(answer.status).toBe(400);
    const half = JSON.stringify(mug(newSku())).replace('Blue mug', 'Blue \\ud800 mug');
    expect((await seller.call('POST', '/api/v1/products', half, { 'content-type': 'application/json' })).status).toBe(
      400,
    );
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
