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

  test('an unknown path is answered 404 by the gateway, with any method', async () => {
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
