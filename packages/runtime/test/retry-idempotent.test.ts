import { Readable } from 'node:stream';
import { emptyDatabase, type TestDatabase } from '@tradepost/testing/postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { App } from '../src/app.ts';
import { listeningApp } from './http.ts';

const config = { auth: 'none' } as const;

let db: TestDatabase;
let app: Awaited<ReturnType<typeof listeningApp>>;
/** How many attempts are to lose their connection from now on, and how many there were. */
let losses = 0;
let attempts = 0;

beforeAll(async () => {
  db = await emptyDatabase();
  app = await listeningApp((routes: App) => {
    const count = async () => {
      attempts++;
      return db.pool.transaction(async (tx) => {
        if (attempts <= losses) await tx.query({ text: 'select pg_terminate_backend(pg_backend_pid())' });
        const { rows } = await tx.query<{ n: number }>({ text: 'select 1 as n' });
        return { n: rows[0]?.n };
      });
    };
    const schema = { hide: true };
    routes.route({ method: 'GET', url: '/api/v1/things', config, schema, handler: count });
    for (const [url, idempotent] of [
      ['/api/v1/things', false],
      ['/api/v1/orders/:id/cancel', true],
      ['/api/v1/orders/:id/refunds', 'key'],
    ] as const) {
      for (const method of ['PATCH', 'POST'] as const) {
        routes.route({ method, url, config: { ...config, idempotent }, schema, handler: count });
      }
    }
    routes.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload));
    routes.post(
      '/api/v1/imports',
      { config: { ...config, idempotent: 'key' }, schema: { hide: true } },
      async (request) => {
        if (!(request.body instanceof Readable)) throw new TypeError('The body is to be a stream');
        await request.body.toArray();
        return count();
      },
    );
  });
});

beforeEach(() => {
  losses = 0;
  attempts = 0;
});

afterAll(async () => {
  await app.close();
  await db.drop();
});

const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
  fetch(`${app.url}${path}`, { method, headers, ...(headers['content-type'] && { body: '{}\n' }) });

test.each([
  ['GET', '/api/v1/things?page=2', {}],
  ['POST', '/api/v1/orders/7/cancel', {}],
  ['POST', '/api/v1/orders/7/refunds', { 'idempotency-key': 'r-1' }],
  ['PATCH', '/api/v1/orders/7/cancel', {}],
] as const)('%s %s is run again over another connection when its own was lost', async (method, path, headers) => {
  losses = 2;
  const response = await ask(method, path, headers);
  expect({ status: response.status, body: await response.json(), attempts }).toEqual({
    status: 200,
    body: { n: 1 },
    attempts: 3,
  });
});

test('it is not run for ever', async () => {
  losses = 3;
  const { status } = await ask('GET', '/api/v1/things');
  expect({ status, attempts }).toEqual({ status: 503, attempts: 3 });
});

test.each([
  ['POST', '/api/v1/things', {}],
  ['POST', '/api/v1/orders/7/refunds', {}],
  // A key that the route does not read makes nothing idempotent.
  ['POST', '/api/v1/things', { 'idempotency-key': 'p-1' }],
  ['PATCH', '/api/v1/things', { 'idempotency-key': 'p-1' }],
  ['POST', '/api/v1/imports', { 'idempotency-key': 'i-1', 'content-type': 'application/x-ndjson' }],
] as const)('%s %s is not run twice', async (method, path, headers) => {
  losses = 1;
  const response = await ask(method, path, headers);
  expect({ status: response.status, attempts }).toEqual({ status: 503, attempts: 1 });
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
  'a %s route that does not declare it is refused',
  async (method) => {
    await expect(
      listeningApp((routes: App) => {
        routes.route({ method, url: '/api/v1/things', config, schema: { hide: true }, handler: () => ({}) });
      }),
    ).rejects.toThrow('config.idempotent');
  },
);
