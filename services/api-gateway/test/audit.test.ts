// Long: all cases share one gateway with its upstreams
import { request as httpRequest } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Pool } from '@tradepost/postgres/pool';
import { until } from '@tradepost/testing/until';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WriteBehind } from '../src/actions/write-behind.ts';
import type { AuditEntry } from '../src/domain/audit-entry.ts';
import { deleteAuditEntries, insertAuditEntries } from '../src/store/audit-entries.ts';
import { startGateway, type TestGateway } from './gateway.ts';

const alice = '0199c0de-0000-7000-8000-00000000a11c';
const boss = '0199c0de-0000-7000-8000-00000000b055';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway({ RATE_LIMIT_SIGN_IN: '2/3600' });
});
afterEach(() => gateway.stop());

type Row = Record<string, unknown>;

async function rows(pool: Pool = gateway.service.pool): Promise<Row[]> {
  return (await pool.query<Row>({ text: 'select * from audit_entry order by id' })).rows;
}

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
      const found = await rows();
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
      const found = await rows();
      return found.length > 0 ? found : undefined;
    });
    expect(entry?.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(passedOn).toContain(entry?.trace_id);
  });

  test('has what was refused and what was given up, but not what came too often', async () => {
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
      const all = await rows();
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
        entry(i, { accountId: i % 2 ? alice : null, path: `/api/v1/orders/${i}%_\\` }),
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

  test('is swept of what is too old', async () => {
    const { pool } = gateway.service;
    await insertAuditEntries(
      pool,
      Array.from({ length: 10 }, (_, i) => entry(i)),
    );
    expect(await deleteAuditEntries(pool, new Date('2026-01-01T00:00:08Z'), 5)).toBe(5);
    expect(await deleteAuditEntries(pool, new Date('2026-01-01T00:00:08Z'), 5)).toBe(3);
    expect((await rows()).map(({ path }) => path)).toEqual(['/8', '/9']);
  });
});

function entry(i: number, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: `0199c0de-0000-7000-8000-${String(i).padStart(12, '0')}`,
    at: new Date(Date.UTC(2026, 0, 1, 0, 0, i)),
    accountId: null,
    role: null,
    method: 'POST',
    route: '/',
    path: `/${i}`,
    status: 200,
    requestId: 'request',
    traceId: null,
    address: '2001:db8::1',
    userAgent: null,
    ...more,
  };
}

/** A way to the database that can be cut off and opened again. */
async function cuttable(databaseUrl: string): Promise<{ url: string; cut(): Promise<void>; mend(): Promise<void> }> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const listener = () =>
    createServer((client) => {
      const server = connect(Number(target.port), target.hostname);
      for (const socket of [client, server]) {
        sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      }
      client.pipe(server).pipe(client);
    });
  let server: Server = listener();
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    async mend() {
      server = listener();
      await listen(port);
    },
  };
}

describe('without its database', () => {
  test('the gateway starts, is ready and serves; the trail is written once the database is there', async () => {
    const way = await cuttable(gateway.service.databaseUrl);
    await way.cut();
    const other = await startGateway({
      DATABASE_URL: way.url,
      DATABASE_CONNECT_TIMEOUT_MS: '500',
      DATABASE_RECOVERY_WAIT_MS: '500',
    });
    try {
      expect((await fetch(`${other.service.managementUrl}/readyz`)).status).toBe(200);
      for (let i = 0; i < 20; i++) {
        const response = await fetch(`${other.url}/api/v1/orders`, {
          method: 'POST',
          headers: { 'x-request-id': `request-${i}-x` },
        });
        expect(response.status).toBe(200);
      }
      const headers = other.auth.issuer.headers({ role: 'admin' });
      expect((await fetch(`${other.url}/api/v1/audit`, { headers })).status).toBe(503);
      await way.mend();
      await until(async () => (await rows()).length === 20);
      expect(new Set((await rows()).map((row) => row.request_id)).size).toBe(20);
      await way.cut();
      expect((await fetch(`${other.url}/api/v1/orders`, { method: 'POST' })).status).toBe(200);
      expect((await fetch(`${other.service.managementUrl}/readyz`)).status).toBe(200);
      await way.mend();
      await until(async () => (await rows()).length === 21);
    } finally {
      await other.stop();
      await way.cut();
    }
  });

  test('what waits is bounded: the oldest is lost, and counted', async () => {
    let lost = 0;
    let away = true;
    const written: AuditEntry[] = [];
    const kept = new WriteBehind<AuditEntry>({
      max: 100,
      batch: 30,
      insert: async (_db, entries) => {
        if (away) throw new Error('away');
        written.push(...entries);
      },
      onDrop: (count) => (lost += count),
      onRefused: () => undefined,
      onFull: () => undefined,
    });
    for (let i = 0; i < 1000; i++) kept.record(entry(i));
    await expect(kept.flush(gateway.service.pool)).rejects.toThrow('away');
    expect(kept.waiting).toBeLessThanOrEqual(100);
    expect(lost + kept.waiting).toBe(1000);
    away = false;
    while ((await kept.flush(gateway.service.pool)) > 0);
    expect(written.at(-1)?.path).toBe('/999');
    expect(written.length + lost).toBe(1000);
  });

  test('an entry that the database refuses for good does not hold up the others', async () => {
    let lost = 0;
    const kept = new WriteBehind<AuditEntry>({
      max: 100,
      batch: 1,
      insert: insertAuditEntries,
      onDrop: (count) => (lost += count),
      onRefused: () => undefined,
      onFull: () => undefined,
    });
    kept.record(entry(1, { status: 9999 }));
    kept.record(entry(2));
    while ((await kept.flush(gateway.service.pool)) > 0);
    expect(lost).toBe(1);
    expect((await rows()).map(({ path }) => path)).toEqual(['/2']);
  });
});
