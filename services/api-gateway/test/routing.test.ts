import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  for (const service of [gateway.auth, gateway.product, gateway.order]) service.seen.length = 0;
});

/** Sends bytes as they are and returns what comes back until the connection ends. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.setEncoding('latin1');
    socket
      .on('data', (chunk) => (answer += chunk))
      .on('end', () => resolve(answer))
      .on('error', reject);
    socket.write(text, 'latin1');
  });
}

const request = (target: string, more = '') =>
  `GET ${target} HTTP/1.1\r\nhost: shop.example\r\nconnection: close\r\n${more}\r\n`;

describe('routing', () => {
  test.each([
    ['/api/v1/products?q=mug&x=%2F..', 'product'],
    ['/api/v1/stock/MUG', 'product'],
    ['/api/v1/orders/1', 'order'],
    ['/api/v1/carts', 'order'],
    ['/api/v1/auth/get-session', 'auth'],
    ['/api/v1/admin/order/dead-letters', 'order'],
  ] as const)('%s arrives at %s as it is', async (path, name) => {
    const response = await fetch(gateway.url + path);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ method: 'GET', url: path });
    expect(gateway[name].seen.at(-1)?.url).toBe(path);
  });

  test('what no service has is answered 404 here, whatever the method', async () => {
    for (const path of ['/api/v1/nothing', '/internal/products', '/api/v1/productsx', '/api/v1/products/']) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        const response = await fetch(gateway.url + path, { method });
        expect(response.status, `${method} ${path}`).toBe(404);
        expect(response.headers.get('content-type')).toContain('application/problem+json');
        expect(await response.json()).toMatchObject({ code: 'not_found', instance: path });
      }
    }
    expect([...gateway.product.seen, ...gateway.order.seen]).toEqual([]);
  });

  test.each([
    '/api/v1/%70roducts/mug?q=%2F',
    '/api//v1///products//mug?q=%2F',
    '/api/v1/orders/../products/./mug?q=%2F',
    '/api/v1/%2e%2E/v1/products/mug?q=%2F',
    '/%2e%2e/../api/v1/products/mug?q=%2F',
    'http://shop.example/api/v1/products/mug?q=%2F',
    'http://SHOP.example:80/api/v1/products/mug?q=%2F',
  ])('%s arrives in its normal form', async (target) => {
    expect(await raw(request(target))).toMatch(/^HTTP\/1\.1 200 /);
    expect(gateway.product.seen.map(({ url }) => url)).toEqual(['/api/v1/products/mug?q=%2F']);
  });

  test('a method that few services have is passed on: they know which paths exist', async () => {
    expect((await fetch(`${gateway.url}/api/v1/products`, { method: 'PROPFIND' })).status).toBe(200);
    expect(gateway.product.seen[0]?.method).toBe('PROPFIND');
  });

  test.each([
    '/api/v1/products/..%2f..%2finternal',
    '/api/v1/products/%5cx',
    '/api/v1/products/%',
    '/api/v1/products/%ff',
    '/api/v1/products\\..\\x',
    '/api/v1/products/%00',
    '/api/v1/products;x=/../orders',
    '/api/v1/products#/orders',
    'http://evil.example/api/v1/products',
  ])('%s is refused and reaches nobody', async (target) => {
    const answer = await raw(request(target));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"malformed_request"');
    expect([...gateway.product.seen, ...gateway.order.seen, ...gateway.auth.seen]).toEqual([]);
  });

  test('a request that two servers could read differently is refused', async () => {
    const smuggled =
      'POST /api/v1/orders HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /';
    expect(await raw(smuggled)).toMatch(/^HTTP\/1\.1 400 /);
    expect(gateway.order.seen).toEqual([]);
  });
});

describe('headers', () => {
  test('those that only the gateway may set are set by it, whatever the client says', async () => {
    const forged = {
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-host': 'evil.example',
      'x-user-id': 'admin',
      'x-account-role': 'admin',
      'x-tradepost-account': 'admin',
      'x-forwarded-user': 'admin',
      'x-real-ip': '6.6.6.6',
      cookie: 'a=b',
    };
    await fetch(`${gateway.url}/api/v1/products`, { headers: forged });
    const headers = gateway.product.seen[0]?.headers ?? {};
    expect(headers).toMatchObject({
      host: new URL(gateway.product.url).host,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': new URL(gateway.url).host,
    });
    for (const name of [
      'x-user-id',
      'x-account-role',
      'x-tradepost-account',
      'x-forwarded-user',
      'x-real-ip',
      'cookie',
    ]) {
      expect(headers).not.toHaveProperty(name);
    }
  });

  test('request id and trace are carried on, and made where there are none', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const given = await fetch(`${gateway.url}/api/v1/products`, {
      headers: { 'x-request-id': 'request-12345', traceparent },
    });
    expect(given.headers.get('x-request-id')).toBe('request-12345');
    expect(gateway.product.seen[0]?.headers).toMatchObject({ 'x-request-id': 'request-12345' });
    expect(gateway.product.seen[0]?.headers.traceparent).toMatch(
      /^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-0[01]$/,
    );
    const made = await fetch(`${gateway.url}/api/v1/products`);
    expect(made.headers.get('x-request-id')).toBe(gateway.product.seen[1]?.headers['x-request-id']);
    expect(gateway.product.seen[1]?.headers.traceparent).toMatch(/^00-[0-9a-f]{32}-/);
  });

  test('answers tell browsers what they may do, and nobody what is behind', async () => {
    const { headers } = await fetch(`${gateway.url}/api/v1/products`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
    expect(headers.get('date')).not.toBeNull();
    expect(headers.has('server')).toBe(false);
    expect(headers.has('x-powered-by')).toBe(false);
    expect(headers.has('strict-transport-security')).toBe(false);
    const refused = await fetch(`${gateway.url}/nothing`);
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('headers of the service are passed on, repeated ones too, and those of its connection are not', async () => {
    gateway.product.handler = (_request, response) => {
      response.writeHead(201, [
        ...['set-cookie', 'a=1', 'set-cookie', 'b=2', 'etag', '"7"', 'location', '/api/v1/products/7'],
        ...['connection', 'close, x-hop', 'x-hop', '1', 'keep-alive', 'timeout=1'],
      ]);
      response.end();
    };
    const response = await fetch(`${gateway.url}/api/v1/products`, { method: 'POST' });
    expect(response.status).toBe(201);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('etag')).toBe('"7"');
    expect(response.headers.get('location')).toBe('/api/v1/products/7');
    expect(response.headers.has('x-hop')).toBe(false);
    expect(response.headers.get('connection')).toBe('keep-alive');
  });
});
