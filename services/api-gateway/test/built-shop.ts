import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway, type TestGateway } from './gateway.ts';

export const script = '/assets/app-1a2b.js';
/** Headers of a browser that opens a page. */
export const browser = { accept: 'text/html,application/xhtml+xml' };

export const mug = {
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

/** A gateway that serves a built shop from a folder of its own. */
export type ShopGateway = TestGateway & { folder: string };

export async function startShopGateway(): Promise<ShopGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-shop-'));
  await mkdir(join(folder, 'assets'));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  const gateway = await startGateway({ WEB_DIR: folder, PUBLIC_URL: 'https://shop.example' });
  gateway.product.handler = catalogue;
  return {
    ...gateway,
    folder,
    async stop() {
      await gateway.stop();
      await rm(folder, { recursive: true });
    },
  };
}

const bare = { scripts: [], styles: [] };
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

/** A page as a browser is given it. */
export const page = async (gateway: TestGateway, path: string) => {
  const response = await fetch(gateway.url + path, { headers: browser });
  return { status: response.status, html: await response.text() };
};

/** As it comes: `fetch` would undo the encoding. */
export async function rawAnswer(
  url: string,
  headers: Record<string, string>,
): Promise<{ answer: IncomingMessage; body: Buffer }> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers }, resolve).on('error', reject);
  });
  return { answer, body: Buffer.concat(await answer.toArray()) };
}
