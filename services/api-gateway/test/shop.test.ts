import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';

const script = '/assets/app-1a2b.js';
const bare = { scripts: [], styles: [] };
const browser = { accept: 'text/html,application/xhtml+xml' };

let folder: string;
let gateway: TestGateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-shop-'));
  await mkdir(join(folder, 'assets'));
  const files = {
    'index.html': '<html><head><title>shop</title><meta name="description" content="Ours"></head></html>',
    'shop.json': JSON.stringify({
      pages: [
        { path: '/', scripts: ['/assets/home.js'], styles: ['/assets/home.css'], indexed: true, data: [] },
        { path: '/products/:slug', ...bare, indexed: true, data: ['/api/v1/products/:slug'] },
        { path: '/categories/:slug', ...bare, indexed: true, data: ['/api/v1/products?category=:slug&limit=12'] },
        { path: '/sell/*', ...bare, title: 'Sell', indexed: false, data: [] },
      ],
    }),
    [script]: 'plain '.repeat(20),
    [`${script}.br`]: 'as brotli',
    [`${script}.gz`]: 'as gzip',
    '/theme.js': '1',
    '/theme.js.br': 'larger than it was',
    '/.built': 'secret',
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  gateway = await startGateway({ WEB_DIR: folder, PUBLIC_URL: 'https://shop.example' });
  gateway.product.handler = catalogue;
});
afterAll(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true });
});

const mug = {
  slug: 'mug',
  title: 'Mug </script><script>alert(1)</script>',
  description: 'A mug.',
  media: [{ url: '/media/mug.svg', alt: '' }],
  variants: [{ sku: 'MUG', title: '', price: { amount: 1800, currency: 'EUR' }, available: 3 }],
  updatedAt: '2026-01-01T00:00:00.000Z',
};

/** Products as no service of today would store them. */
const broken: Record<string, object> = {
  '/api/v1/products/bad-picture': { ...mug, media: [{ url: 'https://a:99999/', alt: '' }, ...mug.media] },
  '/api/v1/products/bad-currency': {
    ...mug,
    variants: [{ ...mug.variants[0], price: { amount: 1, currency: 'EURO' } }],
  },
  // No URL can be written with half a surrogate pair.
  '/api/v1/products/bad-sku': { ...mug, variants: [{ ...mug.variants[0], sku: 'A\ud800' }] },
};

/** A catalogue of one product, in one category, and of what is broken. */
const catalogue: TestGateway['product']['handler'] = (request, response) => {
  const url = new URL(request.url ?? '', 'http://product');
  const category = url.searchParams.get('category') ?? 'kitchen';
  const answers: Record<string, object> = {
    '/api/v1/products/mug': mug,
    ...broken,
    '/api/v1/products': { items: category === 'kitchen' ? [mug] : [], nextCursor: null },
    '/api/v1/categories': {
      items: [{ slug: 'kitchen' }, ...(url.searchParams.get('navigation') === 'true' ? [] : [{ slug: 'swag' }])],
    },
  };
  const answer = answers[url.pathname];
  response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
};

const page = async (path: string) => {
  const response = await fetch(gateway.url + path, { headers: browser });
  return { status: response.status, html: await response.text() };
};

/** As it comes: `fetch` would undo the encoding. */
async function raw(path: string, headers: Record<string, string>): Promise<{ answer: IncomingMessage; body: Buffer }> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(gateway.url + path, { headers }, resolve).on('error', reject);
  });
  return { answer, body: Buffer.concat(await answer.toArray()) };
}

describe('the pages', () => {
  test.each(['/', '/?from=mail', '/products/mug', '/sell', '/sell/products/1'])('%s is one', async (path) => {
    const response = await fetch(gateway.url + path, { headers: browser });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toContain('shop</title>');
  });

  test('is served with what can be said about it, whatever is stored', async () => {
    const picture = await page('/products/bad-picture');
    expect(picture.status).toBe(200);
    expect(picture.html).toContain('<title>Mug ');
    // The shop's own preview stands in for a picture whose URL is none.
    expect(picture.html).toContain('property="og:image" content="https://shop.example/preview.png"');
    expect(picture.html).not.toContain('content="https://a:99999');
    expect((await page('/products/bad-currency')).status).toBe(200);
    const badSku = await page('/products/bad-sku');
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
    const other = await startGateway({ WEB_DIR: folder, PICTURE_ORIGINS: pictures });
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
    await expect(startGateway({ WEB_DIR: folder, PICTURE_ORIGINS: pictures })).rejects.toThrow('PICTURE_ORIGINS');
  });

  test('may use nothing but this host, and nothing inline', async () => {
    const policy = (await fetch(gateway.url)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toMatch(/\*|https?:|data:/);
  });

  test.each([
    ['gzip', 'gzip'],
    ['gzip, br', 'br'],
  ])('for a client that takes %s is %s', async (accepted, encoding) => {
    const { answer, body } = await raw('/', { 'accept-encoding': accepted });
    expect(answer.headers).toMatchObject({ 'content-encoding': encoding, vary: 'accept-encoding' });
    if (encoding === 'gzip') expect(gunzipSync(body).toString()).toContain('<title>shop</title>');
  });
});

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
      expect(await page(path)).toEqual({ status: 404, html: expect.stringContaining('shop</title>') });
    }
    expect((await page('/categories/kitchen')).status).toBe(200);
  });

  test('is there without it when the catalogue is away', async () => {
    await gateway.product.kill();
    try {
      const { status, html } = await page('/products/mug');
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
  test('are told which addresses there are', async () => {
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
    expect((await page('/sell')).html).toContain('<meta name="robots" content="noindex">');
    expect((await page('/')).html).not.toContain('noindex');
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
      const { answer, body } = await raw(path, { 'accept-encoding': accepted });
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
