import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldsOf } from './refusals.ts';
import { type Actor, mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
let seller: Actor;
beforeAll(async () => {
  shop = await openShop();
  seller = shop.as('seller');
});
afterAll(() => shop.service.stop());

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
