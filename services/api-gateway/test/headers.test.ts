import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  gateway.product.seen.length = 0;
});

describe('headers', () => {
  test('headers that only the gateway may set are set by it, and those of the client are dropped', async () => {
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

  test('responses state what browsers may do, and not which software answers', async () => {
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
