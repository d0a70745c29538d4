import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openInProcess, type Shop } from './shop.ts';

let shop: Shop;
/** The document of the whole API, once the gateway has read those of all services. */
let paths: [path: string, item: Record<string, Record<string, unknown>>][];

beforeAll(async () => {
  shop = await openInProcess();
  const read = async () => JSON.parse(await (await fetch(`${shop.site.gatewayUrl}/openapi.json`)).text());
  const document = await until(async () => {
    const found = await read();
    return ['/api/v1/products', '/api/v1/orders', '/api/v1/auth/token'].every((path) => path in found.paths) && found;
  });
  paths = Object.entries(document.paths);
});
afterAll(() => shop?.stop());

it('every operation that changes something declares whether it may be sent twice', () => {
  const changes = paths.flatMap(([path, item]) =>
    ['post', 'put', 'patch', 'delete'].filter((method) => method in item).map((method) => ({ path, item, method })),
  );
  expect(changes.length).toBeGreaterThan(20);
  for (const { path, item, method } of changes) {
    const { parameters = [], 'x-idempotency': idempotency } = item[method] ?? {};
    expect(['always', 'with-key', 'never'], `${method} ${path}`).toContain(idempotency);
    const readsKey = Array.isArray(parameters) && parameters.some(({ name }) => /^idempotency-key$/i.test(name));
    expect(readsKey, `${method} ${path}`).toBe(idempotency === 'with-key');
  }
});

/** Other spellings of one path, as clients, proxies and attackers write it. */
const spellings: [name: string, write: (path: string) => string][] = [
  ['an escaped letter', (path) => path.replace(/\/([a-z])([^/]*)$/, (_, a, rest) => `/%${hex(a)}${rest}`)],
  ['an escaped letter in the middle', (path) => path.replace('/v1/', '/%76%31/')],
  ['a dot segment', (path) => path.replace('/v1/', '/v1/./')],
  ['an escaped dot segment', (path) => path.replace('/v1/', '/v1/%2e/')],
  ['two dots', (path) => path.replace('/v1/', '/v1/x/../')],
  ['two escaped dots', (path) => path.replace('/v1/', '/v1/x/%2E%2e/')],
  ['repeated slashes', (path) => path.replaceAll('/', '//')],
  ['the absolute form', (path) => `${shop.site.gatewayUrl}${path}`],
];
const hex = (char: string) => char.charCodeAt(0).toString(16);

/** Sends the target as it is written here, which `fetch` would not. */
function status(method: string, target: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  const { hostname, port } = new URL(shop.site.gatewayUrl);
  return new Promise((resolve, reject) => {
    const message = httpRequest({ host: hostname, port, method, path: target, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode));
    });
    message.on('error', reject).end();
  });
}

it('every spelling of every path is answered as the path, by every method', async () => {
  const uuid = '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11';
  const signOuts = /sign-out|sign-up|change-password/;
  const patterns = paths.map(([path, item]) => ({
    pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
    methods: Object.keys(item),
  }));
  for (const path of new Set(paths.map(([template]) => template.replace(/\{[^}]+\}/g, uuid)))) {
    const known = new Set(patterns.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods));
    const tried = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !signOuts.test(path) || one === 'GET');
    const checks = tried.map(async (method) => {
      const plain = await status(method, path);
      // 405 where the path exists with other methods, and nowhere else.
      expect(plain === 405, `${method} ${path}: ${plain}`).toBe(!known.has(method.toLowerCase()));
      for (const [name, write] of spellings) {
        expect(await status(method, write(path)), `${method} ${path} with ${name}`).toBe(plain);
      }
      expect(await status(method, `${path}/`), `${method} ${path}/`).toBe(404);
      for (const bad of ['%2f', '%5c', '%00', '%', '%zz', '\\x']) {
        expect(await status(method, path + bad), `${method} ${path}${bad}`).toBe(400);
      }
    });
    await Promise.all(checks);
  }
});

it('another spelling of the sign-in escapes neither its rate nor the audit trail', async () => {
  const targets = [
    '/api/v1/auth/%73ign-in/email',
    '//api/v1/auth/sign-in/email',
    '/api/v1/auth/x/%2e%2e/sign-in/email',
  ];
  for (const target of targets) expect(await status('POST', target, { 'user-agent': 'spelling' })).toBe(400);
  await until(async () => (await audited('spelling')) === targets.length);
});

async function audited(userAgent: string): Promise<number> {
  const { rows } = await shop.databases['api-gateway'].pool.query<{ n: number }>({
    text: `select count(*)::int as n from audit_entry where path = '/api/v1/auth/sign-in/email' and user_agent = $1`,
    values: [userAgent],
  });
  return rows[0]?.n ?? 0;
}

it('what carries an ETag is answered 304 by every form of its tag, and 412 by another', async () => {
  await shop.sell(1);
  const { body } = await shop.seller.call('GET', '/api/v1/products?limit=1');
  for (const path of ['/openapi.json', '/asyncapi.json', `/api/v1/products/${body.items[0].id}`]) {
    const url = `${shop.site.gatewayUrl}${path}`;
    const etag = (await fetch(url)).headers.get('etag') ?? '';
    expect(etag, path).toMatch(/^"/);
    for (const method of ['GET', 'HEAD']) {
      for (const known of [etag, `W/${etag}`, `"a", ${etag}`, `"a,b",W/${etag} , "c"`, '*']) {
        const answer = await fetch(url, { method, headers: { 'if-none-match': known } });
        expect(answer.status, `${method} ${path} ${known}`).toBe(304);
        expect(answer.headers.get('etag')).toBe(etag);
        expect(await answer.text()).toBe('');
      }
      for (const [name, value, expected] of [
        ['if-none-match', '"a"', 200],
        ['if-match', etag, 200],
        ['if-match', '*', 200],
        ['if-match', '"a"', 412],
        ['if-match', `W/${etag}`, 412],
      ] as const) {
        const answer = await fetch(url, { method, headers: { [name]: value } });
        expect(answer.status, `${method} ${path} ${name}: ${value}`).toBe(expected);
        await answer.text();
      }
    }
  }
});

it('a compressed body is answered 415 with the encodings that are read', async () => {
  for (const path of ['/api/v1/auth/sign-in/email', '/api/v1/orders', '/api/v1/products', '/api/v1/carts']) {
    const { token } = shop.seller;
    const answer = await fetch(`${shop.site.gatewayUrl}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'idempotency-key': 'a',
      },
      body: gzipSync('{}'),
    });
    expect({ path, status: answer.status, body: await answer.json() }).toMatchObject({
      path,
      status: 415,
      body: { code: 'unsupported_media_type' },
    });
    expect(answer.headers.get('accept-encoding')).toBe('identity');
  }
});
