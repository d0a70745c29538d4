import { encodeEvent } from '@tradepost/messaging/encoded-event';
import { until } from '@tradepost/testing/until';
import { afterEach, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { arrivedHeaders, bearer, cookie, requestOrders } from './order-requests.ts';

let gateway: TestGateway;
afterEach(() => gateway.stop());

const alice = '0199c0de-0000-7000-8000-00000000a11c';

function claimsOf(authorization: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(authorization?.split('.')[1] ?? '', 'base64url').toString() || '{}');
}

describe('credentials', () => {
  test('a session token, an API key and a cookie are exchanged for an access token, once', async () => {
    gateway = await startGateway();
    gateway.auth.sessions.set('session-1', { accountId: alice });
    for (const headers of [bearer('session-1'), cookie('session-1')]) {
      for (let i = 0; i < 5; i++) expect((await requestOrders(gateway, headers)).status).toBe(200);
      expect(claimsOf(arrivedHeaders(gateway).authorization)).toMatchObject({ sub: alice, sid: 'session-1' });
      expect(arrivedHeaders(gateway)).not.toHaveProperty('cookie');
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
      Array.from({ length: 40 }, async () => (await requestOrders(gateway, bearer('session-1'))).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(gateway.auth.exchanges()).toBe(1);
  });

  test('an access token is passed on as it is, good or bad, without asking anybody', async () => {
    gateway = await startGateway();
    const good = gateway.auth.issuer.token({ accountId: alice });
    const forged = gateway.auth.issuer.token({ header: { alg: 'none' } });
    for (const token of [good, forged]) {
      await requestOrders(gateway, bearer(token));
      expect(arrivedHeaders(gateway).authorization).toBe(`Bearer ${token}`);
    }
    expect(gateway.auth.exchanges()).toBe(0);
  });

  test('without a credential the request goes on without one', async () => {
    gateway = await startGateway();
    await requestOrders(gateway, {});
    expect(arrivedHeaders(gateway)).not.toHaveProperty('authorization');
  });

  test('one that is no good goes on as it came, a cookie as nothing; auth is not asked again for each', async () => {
    gateway = await startGateway();
    for (let i = 0; i < 5; i++) await requestOrders(gateway, bearer('unknown'));
    expect(arrivedHeaders(gateway).authorization).toBe('Bearer unknown');
    for (let i = 0; i < 5; i++) await requestOrders(gateway, cookie('unknown'));
    expect(arrivedHeaders(gateway)).not.toHaveProperty('authorization');
    expect(gateway.auth.exchanges()).toBe(2);
  });

  test('without the required second factor, an account is refused by every service with the reason, and served once it has one', async () => {
    gateway = await startGateway();
    gateway.auth.withoutSecondFactor.add('session-1');
    for (const headers of [bearer('session-1'), cookie('session-1')]) {
      const refused = await requestOrders(gateway, headers);
      expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'second_factor_not_set_up' }]);
    }
    expect(gateway.order.seen).toEqual([]);
    const ofGateway = await fetch(`${gateway.url}/api/v1/audit`, { headers: bearer('session-1') });
    expect([ofGateway.status, await ofGateway.json()]).toMatchObject([403, { code: 'second_factor_not_set_up' }]);
    // What pages are made of is for everybody.
    expect((await fetch(`${gateway.url}/asyncapi.json`, { headers: cookie('session-1') })).status).toBe(200);
    gateway.auth.withoutSecondFactor.clear();
    gateway.auth.sessions.set('session-1', { accountId: alice });
    expect((await requestOrders(gateway, bearer('session-1'))).status).toBe(200);
  });

  test('auth unavailable: cached credentials are served, the others get 503 with Retry-After, and nobody gets 401', async () => {
    gateway = await startGateway();
    gateway.auth.sessions.set('session-1', { accountId: alice });
    await requestOrders(gateway, bearer('session-1'));
    await gateway.auth.kill();
    expect((await requestOrders(gateway, bearer('session-1'))).status).toBe(200);
    expect((await requestOrders(gateway, {})).status).toBe(200);
    const unknown = await requestOrders(gateway, bearer('session-2'));
    expect(unknown.status).toBe(503);
    expect(unknown.headers.get('retry-after')).not.toBeNull();
    expect(await unknown.json()).toMatchObject({ code: 'unavailable' });
    await gateway.auth.revive();
    gateway.auth.sessions.set('session-2', { accountId: alice });
    await until(async () => (await requestOrders(gateway, bearer('session-2'))).status === 200);
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
    await requestOrders(gateway, bearer('session-1'));
    gateway.auth.sessions.delete('session-1');
    await fetch(`${gateway.url}/api/v1/auth/sign-out`, { method: 'POST', headers: bearer('session-1') });
    await requestOrders(gateway, bearer('session-1'));
    expect(arrivedHeaders(gateway).authorization).toBe('Bearer session-1');
    expect(gateway.auth.exchanges()).toBe(2);
  });

  test('a session that is revoked elsewhere, and an account that changes, are dropped from the cache by the event', async () => {
    gateway = await startGateway();
    const publish = async (type: 'session.revoked.v1' | 'account.changed.v1', data: object) => {
      const envelope = { specversion: '1.0', source: '/auth', subject: alice, datacontenttype: 'application/json' };
      const event = { ...envelope, id: crypto.randomUUID(), type, time: new Date().toISOString(), data };
      // as: the data fits the type, which the compiler cannot see in a helper for two types.
      await Promise.all(gateway.service.transport.publish([encodeEvent(event as never)]));
    };
    gateway.auth.sessions.set('session-1', { accountId: alice });
    await requestOrders(gateway, bearer('session-1'));
    gateway.auth.sessions.set('session-1', { accountId: alice, role: 'seller' });
    await publish('account.changed.v1', { accountId: alice, role: 'seller' });
    await until(async () => {
      await requestOrders(gateway, bearer('session-1'));
      return claimsOf(arrivedHeaders(gateway).authorization).role === 'seller';
    });
    const jwt = gateway.auth.issuer.token({ accountId: alice, sessionId: 'session-2' });
    expect((await requestOrders(gateway, bearer(jwt))).status).toBe(200);
    gateway.auth.sessions.delete('session-1');
    await publish('session.revoked.v1', { sessionId: 'session-1', accountId: alice });
    await publish('session.revoked.v1', { sessionId: 'session-2', accountId: alice });
    await until(async () => {
      await requestOrders(gateway, bearer('session-1'));
      return arrivedHeaders(gateway).authorization === 'Bearer session-1';
    });
    // An access token that was handed out is good by its signature: here it is not, any more.
    await until(async () => (await requestOrders(gateway, bearer(jwt))).status === 401);
  });
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
  expect((await requestOrders(gateway, cookie('session-1'))).headers.getSetCookie()).toEqual(gateway.auth.cookies);
  expect((await requestOrders(gateway, cookie('session-1'))).headers.getSetCookie()).toEqual([]);
  // Whoever sends a bearer token keeps no cookies.
  expect((await requestOrders(gateway, bearer('session-1'))).headers.getSetCookie()).toEqual([]);
});
