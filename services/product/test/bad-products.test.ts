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
    ['a tax class that is no slug', { taxClass: 'Reduced rate' }, '/taxClass'],
    ['an empty tax class', { taxClass: '' }, '/taxClass'],
    ['a long tax class', { taxClass: 'x'.repeat(41) }, '/taxClass'],
    ['digital as text', { digital: 'true' }, '/digital'],
    ['a negative weight', { variants: [{ ...price(1).variants[0], weightGrams: -1 }] }, '/variants/0/weightGrams'],
    ['a fractional weight', { variants: [{ ...price(1).variants[0], weightGrams: 0.5 }] }, '/variants/0/weightGrams'],
    ['more than a ton', { variants: [{ ...price(1).variants[0], weightGrams: 1e6 + 1 }] }, '/variants/0/weightGrams'],
    ['a weight as text', { variants: [{ ...price(1).variants[0], weightGrams: '5' }] }, '/variants/0/weightGrams'],
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
    const before = await countRows(shop);
    const answer = await seller.call('POST', '/api/v1/products', mug(newSku(), over));
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(fieldsOf(answer)).toContain(field);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(await countRows(shop)).toEqual(before);
  });

  it('is refused at once, with a title of any length and from any account', async () => {
    const product = mug(newSku(), { title: `${'a'.repeat(100_000)}\u0001` });
    const before = process.cpuUsage();
    expect((await shop.as('customer').call('POST', '/api/v1/products', product)).status).toBe(403);
    const answer = await seller.call('POST', '/api/v1/products', product);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(answer.body.errors).toEqual([{ field: '/title', message: 'must have at most 200 characters' }]);
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
