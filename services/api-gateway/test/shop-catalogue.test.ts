import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browser, mug, page, type ShopGateway, startShopGateway } from './built-shop.ts';

let gateway: ShopGateway;
beforeAll(async () => {
  gateway = await startShopGateway();
});
afterAll(() => gateway.stop());

describe('a page that shows something of the catalogue', () => {
  test('says what it is, and brings the answer along, as nobody in particular is given it', async () => {
    gateway.product.seen.length = 0;
    const response = await fetch(`${gateway.url}/products/mug?variant=MUG`, {
      headers: { ...browser, authorization: 'Bearer of somebody', cookie: 'better-auth.session_token=theirs' },
    });
    const html = await response.text();
    expect(html).toContain('<title>Mug &#60;/script&#62;');
    expect(html).toContain('<meta name="description" content="A mug.">');
    expect(html).toContain('<link rel="canonical" href="https://shop.example/products/mug">');
    expect(html).toContain('<link rel="preload" as="image" fetchpriority="high" href="/media/mug.svg">');
    const [, brought = ''] = /data-url="\/api\/v1\/products\/mug">(.*?)<\/script>/.exec(html) ?? [];
    expect(JSON.parse(brought)).toEqual(mug);
    const [, structured = ''] = /<script type="application\/ld\+json"[^>]*>(.*?)<\/script>/.exec(html) ?? [];
    expect(JSON.parse(structured)).toMatchObject({ '@type': 'Product', name: mug.title, offers: [{ price: '18.00' }] });
    expect(html).not.toContain('<script>alert');
    expect(gateway.product.seen.map(({ headers }) => [headers.authorization, headers.cookie])).toEqual([
      [undefined, undefined],
    ]);
  });

  test('is 404 where there is no such thing, and says so in the shop', async () => {
    for (const path of ['/products/jug', '/categories/garage']) {
      expect(await page(gateway, path)).toEqual({ status: 404, html: expect.stringContaining('shop</title>') });
    }
    expect((await page(gateway, '/categories/kitchen')).status).toBe(200);
  });

  test('is there without it when the catalogue is unavailable', async () => {
    await gateway.product.kill();
    try {
      const { status, html } = await page(gateway, '/products/mug');
      expect(status).toBe(200);
      expect(html).toContain('<title>shop</title>');
      expect(html).not.toContain('data-url');
      expect((await fetch(`${gateway.url}/sitemap.xml`)).status).toBe(503);
    } finally {
      await gateway.product.revive();
    }
  });
});

describe('search engines', () => {
  test('are answered with the addresses that exist', async () => {
    // Once the gateway has noticed that the catalogue is back.
    const response = await until(async () => {
      const answer = await fetch(`${gateway.url}/sitemap.xml`);
      return answer.ok && answer;
    });
    expect(response.headers.get('content-type')).toBe('application/xml; charset=utf-8');
    const found = [...(await response.text()).matchAll(/<loc>(.*?)<\/loc>/g)].map(([, address]) => address);
    expect(found).toEqual([
      'https://shop.example/',
      'https://shop.example/categories/kitchen',
      'https://shop.example/products/mug',
    ]);
  });

  test('and which to leave alone', async () => {
    const robots = await (await fetch(`${gateway.url}/robots.txt`)).text();
    expect(robots).toBe(
      'User-agent: *\nDisallow: /api/\nDisallow: /sell/\n\nSitemap: https://shop.example/sitemap.xml\n',
    );
    expect((await page(gateway, '/sell')).html).toContain('<meta name="robots" content="noindex">');
    expect((await page(gateway, '/')).html).not.toContain('noindex');
  });
});
