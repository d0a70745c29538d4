import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browser, page, rawAnswer, type ShopGateway, script, startShopGateway } from './built-shop.ts';
import { startGateway } from './gateway.ts';

let gateway: ShopGateway;
beforeAll(async () => {
  gateway = await startShopGateway();
});
afterAll(() => gateway.stop());

describe('the pages', () => {
  test.each(['/', '/?from=mail', '/products/mug', '/sell', '/sell/products/1'])('%s is one', async (path) => {
    const response = await fetch(gateway.url + path, { headers: browser });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toContain('shop</title>');
  });

  test('is served with any stored content', async () => {
    const picture = await page(gateway, '/products/bad-picture');
    expect(picture.status).toBe(200);
    expect(picture.html).toContain('<title>Mug ');
    // The shop's own preview stands in for a picture whose URL is none.
    expect(picture.html).toContain('property="og:image" content="https://shop.example/preview.png"');
    expect(picture.html).not.toContain('content="https://a:99999');
    expect((await page(gateway, '/products/bad-currency')).status).toBe(200);
    const badSku = await page(gateway, '/products/bad-sku');
    expect(badSku.status).toBe(200);
    expect(badSku.html).toContain('<title>shop</title>');
    expect(badSku.html).toContain('data-url="/api/v1/products/bad-sku"');
    const metrics = await (await fetch(`${gateway.service.managementUrl}/metrics`)).text();
    expect(metrics).toMatch(/^tradepost_gateway_page_head_failures_total 1$/m);
  });

  test('names what it loads beside what every page does', async () => {
    const html = await (await fetch(gateway.url, { headers: browser })).text();
    expect(html).toContain('<link rel="stylesheet" crossorigin href="/assets/home.css">');
    expect(html).toContain('<link rel="modulepreload" crossorigin href="/assets/home.js"></head>');
    expect(await (await fetch(`${gateway.url}/sell`, { headers: browser })).text()).not.toContain('modulepreload');
  });

  test('may show pictures of the hosts that are named, and of no other', async () => {
    const pictures = 'https://pictures.example,https://CDN.example:8443';
    const other = await startGateway({ WEB_DIR: gateway.folder, PICTURE_ORIGINS: pictures });
    try {
      const policy = (await fetch(other.url)).headers.get('content-security-policy');
      expect(policy).toContain("img-src 'self' https://pictures.example https://cdn.example:8443; font-src");
      expect((await fetch(`${other.url}/nowhere`, { headers: browser })).headers.get('content-security-policy')).toBe(
        policy,
      );
    } finally {
      await other.stop();
    }
  });

  test.each([
    'http://pictures.example',
    'https://a.example/path',
    'https://a.example; script-src *',
    'https://*',
    '*',
    'data:',
  ])('are no hosts of pictures: %s', async (pictures) => {
    await expect(startGateway({ WEB_DIR: gateway.folder, PICTURE_ORIGINS: pictures })).rejects.toThrow(
      'PICTURE_ORIGINS',
    );
  });

  test('may use nothing but this host, and nothing inline', async () => {
    const policy = (await fetch(gateway.url)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toMatch(/\*|https?:|data:/);
  });

  test('may load Stripe’s form where the setting allows it, and then nothing else of another host', async () => {
    const other = await startGateway({ WEB_DIR: gateway.folder, STRIPE_FORM: 'allowed' });
    try {
      const policy = (await fetch(other.url)).headers.get('content-security-policy') ?? '';
      const named = new Map(policy.split('; ').map((directive) => directive.split(/ (.*)/, 2) as [string, string]));
      expect(named.get('script-src')).toBe("'self' https://js.stripe.com https://*.js.stripe.com");
      expect(named.get('frame-src')).toBe('https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com');
      expect(named.get('connect-src')).toBe("'self' https://api.stripe.com");
      for (const name of ['script-src', 'frame-src', 'connect-src']) named.delete(name);
      expect([...named.values()].join(' ')).not.toMatch(/\*|https?:|data:|unsafe/);
    } finally {
      await other.stop();
    }
    const policy = (await fetch(gateway.url)).headers.get('content-security-policy');
    expect(policy).not.toContain('frame-src');
    expect(policy).not.toContain('stripe');
  });

  test.each([
    ['gzip', 'gzip'],
    ['gzip, br', 'br'],
  ])('for a client that takes %s is %s', async (accepted, encoding) => {
    const { answer, body } = await rawAnswer(`${gateway.url}/`, { 'accept-encoding': accepted });
    expect(answer.headers).toMatchObject({ 'content-encoding': encoding, vary: 'accept-encoding' });
    if (encoding === 'gzip') expect(gunzipSync(body).toString()).toContain('<title>shop</title>');
  });
});

describe('what is no page', () => {
  test.each(['/nothing', '/products', '/products/mug/more', '/sells'])(
    '%s is 404, as the shop to a browser and as a problem to others',
    async (path) => {
      const shown = await fetch(gateway.url + path, { headers: browser });
      expect([shown.status, await shown.text()]).toEqual([
        404,
        expect.stringContaining('<title>Not found · shop</title>'),
      ]);
      const told = await fetch(gateway.url + path);
      expect([told.status, await told.json()]).toEqual([404, expect.objectContaining({ code: 'not_found' })]);
    },
  );

  test.each([
    '/api/v1/nothing',
    '/api',
    '/assets/gone-1a2b.js',
    '/index.html',
    '/shop.json',
    '/.built',
    `${script}.br`,
  ])('%s is a problem even to a browser', async (path) => {
    const response = await fetch(gateway.url + path, { headers: browser });
    expect([response.status, await response.json()]).toEqual([404, expect.objectContaining({ code: 'not_found' })]);
  });

  test('the API is where it was', async () => {
    expect((await fetch(`${gateway.url}/api/v1/products`, { headers: browser })).status).toBe(200);
  });
});

describe('a file', () => {
  test('is for ever under a name with a hash, and to be asked for again under another', async () => {
    const hashed = await fetch(gateway.url + script);
    expect(hashed.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const named = await fetch(`${gateway.url}/theme.js`);
    expect(named.headers.get('cache-control')).toBe('public, max-age=3600');
    const etag = named.headers.get('etag') ?? '';
    expect((await fetch(`${gateway.url}/theme.js`, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  test('is sent as it was compressed when it was built, where that is smaller', async () => {
    const sent = async (path: string, accepted: string) => {
      const { answer, body } = await rawAnswer(gateway.url + path, { 'accept-encoding': accepted });
      return [answer.headers['content-encoding'], body.toString()];
    };
    expect(await sent(script, 'gzip, br')).toEqual(['br', 'as brotli']);
    expect(await sent(script, 'gzip')).toEqual(['gzip', 'as gzip']);
    expect(await sent(script, 'identity')).toEqual([undefined, 'plain '.repeat(20)]);
    expect(await sent('/theme.js', 'br')).toEqual([undefined, '1']);
  });

  test('answers HEAD with its headers', async () => {
    const response = await fetch(gateway.url + script, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('cache-control')).toContain('immutable');
  });
});
