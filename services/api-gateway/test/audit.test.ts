import { request as httpRequest } from 'node:http';
import { until } from '@tradepost/testing/until';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { insertAuditEntries } from '../src/store/audit-entries.ts';
import { auditEntry, storedEntries } from './audit-entries.ts';
import { startGateway, type TestGateway } from './gateway.ts';

const alice = '0199c0de-0000-7000-8000-00000000a11c';
const boss = '0199c0de-0000-7000-8000-00000000b055';

let gateway: TestGateway;
beforeEach(async () => {
  // Entries of these tests are of the past and have their addresses.
  gateway = await startGateway({ RATE_LIMIT_SIGN_IN: '2/3600', AUDIT_ADDRESS_RETENTION_DAYS: '36500' });
});
afterEach(() => gateway.stop());

const admin = () => gateway.auth.issuer.headers({ accountId: boss, role: 'admin' });

async function trail(query = '', headers: Record<string, string> = admin()) {
  const response = await fetch(`${gateway.url}/api/v1/audit${query}`, { headers });
  // as: what is expected of it is what these tests assert.
  const body = (await response.json()) as { items: { path: string }[]; nextCursor: string | null };
  return { status: response.status, body };
}

describe('the audit trail', () => {
  test('has every request that means to change something, with who, what, when and how it ended', async () => {
    const token = gateway.auth.issuer.token({ accountId: alice, role: 'seller' });
    gateway.order.handler = (_request, response) => void response.writeHead(201).end();
    await fetch(`${gateway.url}/api/v1/orders?secret=query`, {
      method: 'POST',
      body: '{"secret":"body"}',
      headers: {
        authorization: `Bearer ${token}`,
        'user-agent': `shop${'x'.repeat(1000)}`,
        'x-request-id': 'request-12345',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      },
    });
    await fetch(`${gateway.url}/api/v1/products/7`, { method: 'DELETE' });
    await fetch(`${gateway.url}/api/v1/products/7`);
    const [order, product, ...others] = await until(async () => {
      const found = await storedEntries(gateway.service.pool);
      return found.length >= 2 ? found : undefined;
    });
    expect(others).toEqual([]);
    expect(order).toMatchObject({
      account_id: alice,
      role: 'seller',
      method: 'POST',
      route: '/api/v1/orders',
      path: '/api/v1/orders',
      status: 201,
      request_id: 'request-12345',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      address: '127.0.0.1',
      user_agent: `shop${'x'.repeat(252)}`,
    });
    expect(Math.abs(Date.now() - Number(order?.at))).toBeLessThan(3_600_000);
    expect(product).toMatchObject({
      account_id: null,
      role: null,
      method: 'DELETE',
      path: '/api/v1/products/7',
      status: 200,
    });
    const traced = await trail(`?traceId=4bf92f3577b34da6a3ce929d0e0e4736&accountId=${alice}`);
    expect(traced.body.items).toMatchObject([{ path: '/api/v1/orders' }]);
    expect(JSON.stringify([order, product])).not.toContain('secret');
    expect(JSON.stringify([order, product])).not.toContain(token);
  });

  test('has the trace that the service goes on in, also when the body comes after the head', async () => {
    let passedOn: unknown;
    gateway.order.handler = (request, response) => {
      passedOn = request.headers.traceparent;
      response.writeHead(201).end();
    };
    const { port } = new URL(gateway.url);
    const request = httpRequest({ port, method: 'POST', path: '/api/v1/orders', headers: { 'content-length': 2 } });
    const answered = new Promise((resolve) => request.once('response', (response) => resolve(response.resume())));
    request.flushHeaders();
    // Somebody else is served meanwhile.
    await fetch(`${gateway.url}/api/v1/products/7`);
    request.end('{}');
    await answered;
    const [entry] = await until(async () => {
      const found = await storedEntries(gateway.service.pool);
      return found.length > 0 ? found : undefined;
    });
    expect(entry?.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(passedOn).toContain(entry?.trace_id);
  });

  test('has requests that were refused or aborted, but not those over the rate limit', async () => {
    gateway.auth.sessions.set('session-1', { accountId: alice });
    const cookie = 'better-auth.session_token=session-1';
    await fetch(`${gateway.url}/api/v1/orders`, {
      method: 'POST',
      headers: { cookie, origin: 'https://evil.example' },
    });
    await gateway.order.kill();
    await fetch(`${gateway.url}/api/v1/orders`, { method: 'POST' });
    for (let i = 0; i < 10; i++) await fetch(`${gateway.url}/api/v1/auth/sign-in/email`, { method: 'POST' });
    await fetch(`${gateway.url}/wp-login.php`, { method: 'POST' });
    await fetch(`${gateway.url}/api/v1/stock/A/adjustments`, { method: 'POST' });
    const found = await until(async () => {
      const all = await storedEntries(gateway.service.pool);
      return all.some(({ route }) => route === '/api/v1/stock') ? all : undefined;
    });
    expect(found.map(({ route, status }) => [route, status])).toEqual([
      ['/api/v1/orders', 403],
      ['/api/v1/orders', 503],
      ['/api/v1/auth/', 200],
      ['/api/v1/auth/', 200],
      ['/api/v1/stock', 200],
    ]);
  });

  test('is read by admins, page by page, and filtered', async () => {
    await insertAuditEntries(
      gateway.service.pool,
      Array.from({ length: 7 }, (_, i) =>
        auditEntry(i, { accountId: i % 2 ? alice : null, path: `/api/v1/orders/${i}%_\\` }),
      ),
    );
    const paths = ({ body }: Awaited<ReturnType<typeof trail>>) => body.items.map((item) => item.path.at(-4));
    const first = await trail('?limit=3');
    expect(first.status).toBe(200);
    expect(paths(first)).toEqual(['6', '5', '4']);
    const second = await trail(`?limit=3&cursor=${first.body.nextCursor}`);
    expect(paths(second)).toEqual(['3', '2', '1']);
    const third = await trail(`?limit=3&cursor=${second.body.nextCursor}`);
    expect(paths(third)).toEqual(['0']);
    expect(third.body.nextCursor).toBeNull();
    expect(paths(await trail(`?accountId=${alice}`))).toEqual(['5', '3', '1']);
    expect(paths(await trail(`?path=${encodeURIComponent('/api/v1/orders/4%_\\')}`))).toEqual(['4']);
    expect(paths(await trail('?path=/api/v1/ord_rs'))).toEqual([]);
    expect(paths(await trail('?from=2026-01-01T00:00:02Z&to=2026-01-01T00:00:05Z'))).toEqual(['4', '3', '2']);
    expect(paths(await trail('?from=1900-01-01T00:00:00Z&to=2026-01-01T00:00:02Z'))).toEqual(['1', '0']);
    expect((await trail('?from=9999-12-31T23:59:59-12:00')).status).toBe(400);
    expect(first.body.items[0]).toMatchObject({ at: '2026-01-01T00:00:06.000Z', address: '2001:db8::1', status: 200 });
  });

  test('is for admins only, by session and cookie too', async () => {
    expect((await trail('', {})).status).toBe(401);
    expect((await trail('', { authorization: 'Bearer nonsense' })).status).toBe(401);
    expect((await trail('', gateway.auth.issuer.headers({ role: 'seller' }))).status).toBe(403);
    gateway.auth.sessions.set('session-1', { accountId: boss, role: 'admin' });
    expect((await trail('', { authorization: 'Bearer session-1' })).status).toBe(200);
    expect((await trail('', { cookie: 'better-auth.session_token=session-1' })).status).toBe(200);
    expect((await trail('?cursor=nonsense')).body).toMatchObject({ code: 'invalid_cursor' });
    expect((await trail('?accountId=x')).body).toMatchObject({ code: 'validation_failed' });
  });
});
