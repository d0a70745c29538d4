// Long: all cases share one gateway with its upstreams
import { until } from '@tradepost/testing/until';
import { afterEach, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { echo } from './upstreams.ts';

let gateway: TestGateway;
afterEach(() => gateway.stop());

const alice = '0199c0de-0000-7000-8000-00000000a11c';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const cookie = (token: string) => ({ cookie: `theme=dark; better-auth.session_token=${token}` });

/** What the order service saw of the last request. */
const arrived = () => gateway.order.seen.at(-1)?.headers ?? {};
const order = (headers: Record<string, string>, method = 'GET') =>
  fetch(`${gateway.url}/api/v1/orders`, { headers, method });

function claimsOf(authorization: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(authorization?.split('.')[1] ?? '', 'base64url').toString() || '{}');
}

describe('credentials', () => {
  test('a session token, an API key and a cookie are exchanged for an access token, once', async () => {
    gateway = await startGateway();
    gateway.auth.sessions.set('session-1', { accountId: alice });
    for (const headers of [bearer('session-1'), cookie('session-1')]) {
      for (let i = 0; i < 5; i++) expect((await order(headers)).status).toBe(200);
      expect(claimsOf(arrived().authorization)).toMatchObject({ sub: alice, sid: 'session-1' });
      expect(arrived()).not.toHaveProperty('cookie');
    }
    expect(gateway.auth.exchanges()).toBe(2);
    expect(gateway.auth.seen.find(({ headers }) => headers.cookie)?.headers.cookie).toBe(
      'better-auth.session_token=session-1',
    );
  });

  test('many requests at once are one exchange', async () => {
    gateway = await startGateway();
    gateway.auth.sessions.set('session-1', { accountId: alice });
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async () => (await order(bearer('session-1'))).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(gateway.auth.exchanges()).toBe(1);
  });

  test('an access token is passed on as it is, good or bad, without asking anybody', async () => {
    gateway = await startGateway();
    const good = gateway.auth.issuer.token({ accountId: alice });
    const forged = gateway.auth.issuer.token({ header: { alg: 'none' } });
    for (const token of [good, forged]) {
      await order(bearer(token));
      expect(arrived().authorization).toBe(`Bearer ${token}`);
    }
    expect(gateway.auth.exchanges()).toBe(0);
  });

  test('without a credential the request goes on without one', async () => {
    gateway = await startGateway();
    await order({});
    expect(arrived()).not.toHaveProperty('authorization');
  });

  test('one that is no good goes on as it came, a cookie as nothing; auth is not asked again for each', async () => {
    gateway = await startGateway();
    for (let i = 0; i < 5; i++) await order(bearer('unknown'));
    expect(arrived().authorization).toBe('Bearer unknown');
    for (let i = 0; i < 5; i++) await order(cookie('unknown'));
    expect(arrived()).not.toHaveProperty('authorization');
    expect(gateway.auth.exchanges()).toBe(2);
  });

  test('auth away: who is known is served, who is not is told to come again, and nobody that they are a stranger', async () => {
    gateway = await startGateway();
    gateway.auth.sessions.set('session-1', { accountId: alice });
    await order(bearer('session-1'));
    await gateway.auth.kill();
    expect((await order(bearer('session-1'))).status).toBe(200);
    expect((await order({})).status).toBe(200);
    const unknown = await order(bearer('session-2'));
    expect(unknown.status).toBe(503);
    expect(unknown.headers.get('retry-after')).not.toBeNull();
    expect(await unknown.json()).toMatchObject({ code: 'unavailable' });
    await gateway.auth.revive();
    gateway.auth.sessions.set('session-2', { accountId: alice });
    await until(async () => (await order(bearer('session-2'))).status === 200);
  });

  test('for auth itself credentials are passed on as they are', async () => {
    gateway = await startGateway();
    const headers = { ...cookie('session-1'), ...bearer('session-1') };
    await fetch(`${gateway.url}/api/v1/auth/get-session`, { headers });
    expect(gateway.auth.seen.at(-1)?.headers).toMatchObject(headers);
    expect(gateway.auth.exchanges()).toBe(0);
  });

  test('a sign-out that is seen here counts at once', async () => {
    gateway = await startGateway();
    gateway.auth.sessions.set('session-1', { accountId: alice });
    await order(bearer('session-1'));
    gateway.auth.sessions.delete('session-1');
    await fetch(`${gateway.url}/api/v1/auth/sign-out`, { method: 'POST', headers: bearer('session-1') });
    await order(bearer('session-1'));
    expect(arrived().authorization).toBe('Bearer session-1');
    expect(gateway.auth.exchanges()).toBe(2);
  });

  test('a session that is revoked elsewhere, and an account that changes, are forgotten when that is heard of', async () => {
    gateway = await startGateway();
    const publish = async (type: 'session.revoked.v1' | 'account.changed.v1', data: object) => {
      const envelope = { specversion: '1.0', source: '/auth', subject: alice, datacontenttype: 'application/json' };
      const event = { ...envelope, id: crypto.randomUUID(), type, time: new Date().toISOString(), data };
      // as: the data fits the type, which the compiler cannot see in a helper for two types.
      await Promise.all(gateway.service.transport.publish([event as never]));
    };
    gateway.auth.sessions.set('session-1', { accountId: alice });
    await order(bearer('session-1'));
    gateway.auth.sessions.set('session-1', { accountId: alice, role: 'seller' });
    await publish('account.changed.v1', { accountId: alice, role: 'seller' });
    await until(async () => {
      await order(bearer('session-1'));
      return claimsOf(arrived().authorization).role === 'seller';
    });
    const jwt = gateway.auth.issuer.token({ accountId: alice, sessionId: 'session-2' });
    expect((await order(bearer(jwt))).status).toBe(200);
    gateway.auth.sessions.delete('session-1');
    await publish('session.revoked.v1', { sessionId: 'session-1', accountId: alice });
    await publish('session.revoked.v1', { sessionId: 'session-2', accountId: alice });
    await until(async () => {
      await order(bearer('session-1'));
      return arrived().authorization === 'Bearer session-1';
    });
    // An access token that was handed out is good by its signature: here it is not, any more.
    await until(async () => (await order(bearer(jwt))).status === 401);
  });
});

describe('changes with a cookie', () => {
  test('must come from a page of this host or of a trusted origin', async () => {
    gateway = await startGateway({ TRUSTED_ORIGINS: 'https://office.example' });
    gateway.auth.sessions.set('session-1', { accountId: alice });
    const host = new URL(gateway.url).origin;
    const statusOf = async (headers: Record<string, string>, method = 'POST') => (await order(headers, method)).status;
    const signedIn = cookie('session-1');
    expect(await statusOf({ ...signedIn, origin: host })).toBe(200);
    expect(await statusOf({ ...signedIn, origin: 'https://office.example' })).toBe(200);
    expect(await statusOf({ ...signedIn, origin: 'https://evil.example' })).toBe(403);
    expect(await statusOf({ ...signedIn, origin: 'null' })).toBe(403);
    expect(await statusOf(signedIn)).toBe(403);
    const refused = await order({ ...signedIn, origin: 'https://evil.example' }, 'DELETE');
    expect(await refused.json()).toMatchObject({ code: 'origin_refused' });
    // Nothing is changed by reading, and nothing but a cookie is sent by a browser on its own.
    expect(await statusOf({ ...signedIn, origin: 'https://evil.example' }, 'GET')).toBe(200);
    expect(await statusOf({ ...bearer('session-1'), origin: 'https://evil.example' })).toBe(200);
    expect(await statusOf({})).toBe(200);
  });
});

describe('CORS', () => {
  test('nothing is allowed unless it is set', async () => {
    gateway = await startGateway();
    const response = await order({ origin: 'https://office.example' });
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
    expect(response.headers.has('vary')).toBe(false);
  });

  test('trusted origins may read with cookies, open ones without, others not at all', async () => {
    gateway = await startGateway({ TRUSTED_ORIGINS: 'https://office.example', CORS_ORIGINS: 'https://open.example' });
    gateway.order.handler = (_request, response) => {
      response.writeHead(200, { vary: 'accept', 'access-control-allow-origin': '*' }).end();
    };
    const headersFor = async (origin: string) => Object.fromEntries((await order({ origin })).headers);
    expect(await headersFor('https://office.example')).toMatchObject({
      'access-control-allow-origin': 'https://office.example',
      'access-control-allow-credentials': 'true',
      vary: 'accept, origin',
    });
    const open = await headersFor('https://open.example');
    expect(open).toMatchObject({ 'access-control-allow-origin': 'https://open.example' });
    expect(open).not.toHaveProperty('access-control-allow-credentials');
    expect(await headersFor('https://evil.example')).not.toHaveProperty('access-control-allow-origin');
    // A refusal, too, has to be readable by the page.
    const refused = await fetch(`${gateway.url}/nothing`, { headers: { origin: 'https://office.example' } });
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://office.example');
    expect(refused.headers.get('vary')).toBe('origin');
  });

  test('a preflight is answered here', async () => {
    gateway = await startGateway({ TRUSTED_ORIGINS: 'https://office.example' });
    const preflight = (origin: string) =>
      fetch(`${gateway.url}/api/v1/orders`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization, idempotency-key',
        },
      });
    const allowed = await preflight('https://office.example');
    expect(allowed.status).toBe(204);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      'access-control-allow-origin': 'https://office.example',
      'access-control-allow-methods': expect.stringContaining('POST'),
      'access-control-allow-headers': 'authorization, idempotency-key',
    });
    expect(gateway.order.seen).toEqual([]);
    const refused = await preflight('https://evil.example');
    expect(refused.headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('rates', () => {
  test('an address without an account has one, an account another, whatever its address', async () => {
    gateway = await startGateway({
      RATE_LIMIT_ADDRESS: '3/3600',
      RATE_LIMIT_IDENTITY: '5/3600',
      TRUSTED_PROXY_HOPS: 1,
    });
    const from = (address: string, headers: Record<string, string> = {}) =>
      order({ ...headers, 'x-forwarded-for': address });
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
    expect((await order({})).status).toBe(200);
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
      (await order({ 'x-forwarded-for': address })).headers.get('ratelimit')?.split(';')[1];
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
    expect((await order({})).headers.get('ratelimit')?.split(';')[1]).toBe('r=16');
  });

  test('refusals are delayed, so that a client that asks again at once gets few of them', async () => {
    gateway = await startGateway({ RATE_LIMIT_ADDRESS: '2/3600' });
    for (let i = 0; i < 2; i++) await order({});
    const askedAt = performance.now();
    expect((await order({})).status).toBe(429);
    // A slow machine makes it longer, never shorter.
    expect(performance.now() - askedAt).toBeGreaterThan(900);
  });

  test('guessing credentials is held to the rate of the address', async () => {
    gateway = await startGateway({ RATE_LIMIT_ADDRESS: '5/3600' });
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => (await order(bearer(`guess-${i}`))).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(15);
    expect(gateway.auth.exchanges()).toBe(5);
  });
});

test('behind a proxy that is trusted, its word counts', async () => {
  gateway = await startGateway({ TRUSTED_PROXY_HOPS: 1 });
  gateway.order.handler = echo;
  const response = await order({
    'x-forwarded-for': '6.6.6.6, 203.0.113.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'shop.example',
  });
  expect(arrived()).toMatchObject({
    'x-forwarded-for': '203.0.113.7, 127.0.0.1',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'shop.example',
  });
  expect(response.headers.get('strict-transport-security')).toContain('max-age=');
});

test('a session that is extended has its cookie extended, once, and not where a cache could keep it', async () => {
  gateway = await startGateway();
  gateway.auth.sessions.set('session-1', { accountId: alice });
  gateway.auth.cookies = ['better-auth.session_token=session-1; Max-Age=604800; HttpOnly'];
  gateway.product.handler = (_request, response) => {
    response.writeHead(200, { 'cache-control': 'public, max-age=60' }).end();
  };
  const cached = await fetch(`${gateway.url}/api/v1/products`, { headers: cookie('session-1') });
  expect(cached.headers.getSetCookie()).toEqual([]);
  expect((await order(cookie('session-1'))).headers.getSetCookie()).toEqual(gateway.auth.cookies);
  expect((await order(cookie('session-1'))).headers.getSetCookie()).toEqual([]);
  // Whoever sends a bearer token keeps no cookies.
  expect((await order(bearer('session-1'))).headers.getSetCookie()).toEqual([]);
});
