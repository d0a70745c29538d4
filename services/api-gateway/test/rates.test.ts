import { afterEach, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { arrivedHeaders, bearer, requestOrders } from './order-requests.ts';
import { echo } from './upstreams.ts';

let gateway: TestGateway;
afterEach(() => gateway.stop());

const alice = '0199c0de-0000-7000-8000-00000000a11c';

describe('rates', () => {
  test('an address without an account has one limit, an account another, from any address', async () => {
    gateway = await startGateway({
      RATE_LIMIT_ADDRESS: '3/3600',
      RATE_LIMIT_IDENTITY: '5/3600',
      TRUSTED_PROXY_HOPS: 1,
    });
    const from = (address: string, headers: Record<string, string> = {}) =>
      requestOrders(gateway, { ...headers, 'x-forwarded-for': address });
    const first = await from('203.0.113.7');
    expect(first.headers.get('ratelimit-policy')).toBe('"address";q=3;w=3600');
    expect(first.headers.get('ratelimit')).toBe('"address";r=2;t=1200');
    await from('203.0.113.7');
    await from('203.0.113.7');
    const refused = await from('203.0.113.7');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1100);
    expect(refused.headers.get('ratelimit')).toContain('"address";r=0;');
    expect(await refused.json()).toMatchObject({ code: 'rate_limited' });
    expect((await from('203.0.113.8')).status).toBe(200);
    // One customer has a whole /64.
    for (let i = 0; i < 3; i++) expect((await from(`2001:db8::${i}`)).status).toBe(200);
    expect((await from('2001:db8::ffff')).status).toBe(429);
    expect((await from('2001:db8:0:1::1')).status).toBe(200);

    const headers = bearer(gateway.auth.issuer.token({ accountId: alice }));
    const statuses = [];
    for (let i = 0; i < 7; i++) statuses.push((await from(`198.51.100.${i}`, headers)).status);
    // The first finds out whose token it is, at the cost of the address.
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429]);
  });

  test('sign-ins have a rate of their own on top', async () => {
    gateway = await startGateway({ RATE_LIMIT_SIGN_IN: '2/3600', RATE_LIMIT_ADDRESS: '100/60' });
    const signIn = () => fetch(`${gateway.url}/api/v1/auth/sign-in/email`, { method: 'POST' });
    expect((await signIn()).status).toBe(200);
    expect((await signIn()).headers.get('ratelimit-policy')).toBe('"sign-in";q=2;w=3600');
    expect((await signIn()).status).toBe(429);
    expect((await fetch(`${gateway.url}/api/v1/auth/sign-up/email`, { method: 'POST' })).status).toBe(429);
    expect((await fetch(`${gateway.url}/api/v1/auth/get-session`)).status).toBe(200);
    expect((await requestOrders(gateway, {})).status).toBe(200);
  });

  test('a large body counts as several requests, declared or not', async () => {
    gateway = await startGateway({ RATE_LIMIT_ADDRESS: '20/3600', TRUSTED_PROXY_HOPS: 1 });
    const { url } = gateway;
    const put = async (address: string, body: Buffer | ReadableStream<Uint8Array>) => {
      const sent = await fetch(`${url}/api/v1/orders`, {
        ...{ method: 'POST', body, duplex: 'half', headers: { 'x-forwarded-for': address } },
      });
      await sent.arrayBuffer();
      return sent.status;
    };
    const rateLeft = async (address: string) =>
      (await requestOrders(gateway, { 'x-forwarded-for': address })).headers.get('ratelimit')?.split(';')[1];
    await put('203.0.113.1', Buffer.alloc(8_191));
    expect(await rateLeft('203.0.113.1')).toBe('r=18');
    await put('203.0.113.2', Buffer.alloc(100_000));
    expect(await rateLeft('203.0.113.2')).toBe('r=6');
    await put('203.0.113.3', new Blob([Buffer.alloc(40_000)]).stream());
    expect(await rateLeft('203.0.113.3')).toBe('r=14');
    // Nobody knows how large this one will be.
    await put('203.0.113.4', new Blob([Buffer.alloc(100_000)]).stream());
    expect(await put('203.0.113.4', Buffer.alloc(1))).toBe(429);
  });

  test('a body that is far too large counts as the largest that is accepted, not more', async () => {
    gateway = await startGateway({ RATE_LIMIT_ADDRESS: '20/3600', BODY_LIMIT: 16_384 });
    const sent = await fetch(`${gateway.url}/api/v1/orders`, { method: 'POST', body: Buffer.alloc(8_000_000) });
    expect(sent.status).toBe(413);
    expect((await requestOrders(gateway, {})).headers.get('ratelimit')?.split(';')[1]).toBe('r=16');
  });

  test('refusals are delayed, so that a client that asks again at once gets few of them', async () => {
    gateway = await startGateway({ RATE_LIMIT_ADDRESS: '2/3600' });
    for (let i = 0; i < 2; i++) await requestOrders(gateway, {});
    const askedAt = performance.now();
    expect((await requestOrders(gateway, {})).status).toBe(429);
    // A slow machine makes it longer, never shorter.
    expect(performance.now() - askedAt).toBeGreaterThan(900);
  });

  test('guessing credentials counts against the rate limit of the address', async () => {
    gateway = await startGateway({ RATE_LIMIT_ADDRESS: '5/3600' });
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => (await requestOrders(gateway, bearer(`guess-${i}`))).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(15);
    expect(gateway.auth.exchanges()).toBe(5);
  });
});

test('behind a proxy that is trusted, its word counts', async () => {
  gateway = await startGateway({ TRUSTED_PROXY_HOPS: 1 });
  gateway.order.handler = echo;
  const response = await requestOrders(gateway, {
    'x-forwarded-for': '6.6.6.6, 203.0.113.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'shop.example',
  });
  expect(arrivedHeaders(gateway)).toMatchObject({
    'x-forwarded-for': '203.0.113.7, 127.0.0.1',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'shop.example',
  });
  expect(response.headers.get('strict-transport-security')).toContain('max-age=');
});
