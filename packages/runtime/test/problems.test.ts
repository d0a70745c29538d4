// Long: one service with a route for each kind of problem
import { Problem } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { Quantity, Sku } from '@tradepost/contracts/shapes';
import { DatabaseUnavailable } from '@tradepost/postgres/unavailable';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../src/app.ts';
import { createAjv } from '../src/validation.ts';
import { json, listeningApp, problemOf, sendRaw } from './http.ts';

const isProblem = createAjv({}).compile(Problem);
const config = { auth: 'none', idempotent: false } as const;

const Line = Type.Object({ sku: Sku, quantity: Quantity });
const Order = Type.Object({
  lines: Type.Array(Line, { minItems: 1 }),
  note: Type.Optional(Type.String({ maxLength: 20 })),
  speed: Type.Optional(Type.Union([Type.Literal('slow'), Type.Literal('fast')])),
  gift: Type.Optional(Type.Union([Line, Type.Null()])),
});

// Long: one route for each kind of problem
function routes(app: App): void {
  const operation = (operationId: string) => ({ operationId, tags: ['test'] });
  app.post(
    '/api/v1/orders',
    { config, bodyLimit: 1024 * 1024, schema: { ...operation('placeOrder'), body: Order } },
    (request) => request.body,
  );
  app.get(
    '/api/v1/orders/:id',
    {
      config,
      schema: {
        ...operation('getOrder'),
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        querystring: Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 10, default: 5 }) }),
        headers: Type.Object({ 'X-Depth': Type.Optional(Type.Integer()) }),
      },
    },
    (request) => ({ limit: request.query.limit, id: request.params.id }),
  );
  app.post(
    '/api/v1/orders/:id/lines',
    {
      config,
      schema: {
        ...operation('addLine'),
        params: Type.Object({ id: Type.Integer() }),
        querystring: Type.Object({ dry: Type.Optional(Type.Boolean()) }),
        body: Line,
      },
    },
    () => ({}),
  );
  app.post('/api/v1/cancel', { config, schema: operation('cancel') }, () => ({ cancelled: true }));
  app.post(
    '/api/v1/large',
    { config, bodyLimit: 64, schema: { ...operation('large'), body: Type.Unknown() } },
    () => ({}),
  );
  app.get('/api/v1/refused', { config, schema: operation('refused') }, () => {
    throw new ProblemError('price_changed', 'It is 12.00 now', { extra: { total: { amount: 1200, currency: 'EUR' } } });
  });
  app.get('/api/v1/limited', { config, schema: operation('limited') }, () => {
    throw new ProblemError('rate_limited', 'Slow down', { retryAfter: 7 });
  });
  app.get('/api/v1/broken', { config, schema: operation('broken') }, () => {
    throw new Error('the password is hunter2');
  });
  app.get('/api/v1/away', { config, schema: operation('away') }, () => {
    throw Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED' });
  });
  app.get('/api/v1/lost', { config, schema: operation('lost') }, () => {
    throw new DatabaseUnavailable('The connection was lost', { cause: new Error('x'), outcomeUnknown: true });
  });
  const zipped = { ...config, contentEncodings: ['gzip'] };
  app.post('/api/v1/zipped', { config: zipped, schema: operation('zipped') }, () => ({}));
  app.delete('/api/v1/orders/:id', { config, schema: operation('deleteOrder') }, () => ({}));
}

describe('problem documents', () => {
  let url = '';
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ url, close } = await listeningApp(routes));
  });
  afterAll(() => close());

  const post = (body: unknown, init?: RequestInit) => problemOf(`${url}/api/v1/orders`, json(body, init));

  test('every one is a problem document with the code, the path and the request id', async () => {
    const { status, headers, problem } = await problemOf(`${url}/api/v1/refused?x=1`, {
      headers: { 'x-request-id': 'abcdefgh-1' },
    });
    expect(status).toBe(409);
    expect(isProblem(problem)).toBe(true);
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-request-id')).toBe('abcdefgh-1');
    expect(problem).toMatchObject({
      type: '/problems/price_changed',
      code: 'price_changed',
      detail: 'It is 12.00 now',
      instance: '/api/v1/refused',
      requestId: 'abcdefgh-1',
      total: { amount: 1200, currency: 'EUR' },
    });
  });

  test('an unfit request id is replaced', async () => {
    for (const given of ['short', `${'x'.repeat(129)}`, 'has space in it', '<script>alert</script>']) {
      const { headers } = await problemOf(`${url}/api/v1/refused`, { headers: { 'x-request-id': given } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    }
  });

  test('bad fields are all named', async () => {
    const { status, problem } = await post({
      lines: [{ sku: 'A', quantity: 0 }, { sku: '?', quantity: 1.5 }, { quantity: '2' }],
      speed: 'warp',
      colour: 'red',
      note: 'x'.repeat(30),
    });
    expect(status).toBe(400);
    expect(problem.code).toBe('validation_failed');
    expect(problem.errors?.map(({ field }) => field).sort()).toEqual([
      '/colour',
      '/lines/0/quantity',
      '/lines/1/quantity',
      '/lines/1/sku',
      '/lines/2/quantity',
      '/lines/2/sku',
      '/note',
      '/speed',
    ]);
    const messages = Object.fromEntries(problem.errors?.map(({ field, message }) => [field, message]) ?? []);
    expect(messages).toMatchObject({
      '/speed': 'must be one of slow, fast',
      '/colour': 'is not a field that is known here',
      '/lines/2/sku': 'is required',
      '/lines/2/quantity': 'must be integer',
    });
  });

  test('fields of every part of the request are named', async () => {
    const { problem } = await problemOf(`${url}/api/v1/orders/x/lines?dry=perhaps`, json({ sku: 'A' }));
    expect(problem.errors?.map(({ field }) => field)).toEqual(['{id}', '/quantity', '?dry']);
  });

  test('query, path and headers are coerced, and named when they cannot be', async () => {
    const id = '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11';
    const good = await fetch(`${url}/api/v1/orders/${id}?limit=3`, { headers: { 'x-depth': '4' } });
    expect(await good.json()).toEqual({ id, limit: 3 });
    expect(await (await fetch(`${url}/api/v1/orders/${id}`)).json()).toEqual({ id, limit: 5 });
    const bad = await problemOf(`${url}/api/v1/orders/nonsense?limit=many`, { headers: { 'x-depth': 'deep' } });
    expect(bad.problem.errors?.map(({ field }) => field)).toEqual(['{id}', '?limit', 'x-depth']);
  });

  test('a body that is huge is not searched for every error', async () => {
    const lines = Array.from({ length: 3_000 }, () => ({ sku: '', quantity: -1 }));
    const { status, problem } = await post({ lines });
    expect(status).toBe(400);
    expect(problem.errors).toHaveLength(1);
  });

  test.each([
    ['no JSON', '{"lines": [', 'malformed_json'],
    ['nothing', '', 'malformed_json'],
    ['a key named twice', '{"lines":[{"sku":"A","quantity":1,"quantity":2}]}', 'malformed_json'],
    ['a key named twice by an escape', '{"lines":[{"sku":"A","quantity":1,"quantit\\u0079":2}]}', 'malformed_json'],
    ['__proto__', '{"lines":[],"__proto__":{"admin":true}}', 'malformed_json'],
    ['constructor.prototype', '{"constructor":{"prototype":{"admin":true}}}', 'malformed_json'],
    ['too deep', `{"note":${'['.repeat(40)}${']'.repeat(40)}}`, 'malformed_json'],
    ['the wrong type', '"text"', 'validation_failed'],
    ['null', 'null', 'validation_failed'],
  ])('a body with %s is refused', async (_what, body, code) => {
    const { status, problem } = await post(body);
    expect({ status, code: problem.code }).toEqual({ status: 400, code });
  });

  test('text that PostgreSQL cannot store is refused, and named', async () => {
    const { problem } = await post('{"lines":[{"sku":"A","quantity":1}],"note":"a\\u0000b"}');
    expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ field: '/note' }] });
    const lone = await post('{"lines":[{"sku":"\\ud800","quantity":1}]}');
    expect(lone.problem.errors).toEqual([
      { field: '/lines/0/sku', message: 'must not contain half of a surrogate pair' },
    ]);
    const pair = await fetch(
      `${url}/api/v1/orders`,
      json('{"lines":[{"sku":"A","quantity":1}],"note":"\\ud83d\\ude00"}'),
    );
    expect(await pair.json()).toMatchObject({ note: '😀' });
    expect((await problemOf(`${url}/api/v1/orders/%00`)).problem.code).toBe('malformed_request');
  });

  test('bytes that are not UTF-8 are refused', async () => {
    const body = Buffer.concat([Buffer.from('{"note":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    expect((await problemOf(`${url}/api/v1/orders`, init)).problem.code).toBe('malformed_json');
  });

  test('a body in an encoding that the route does not read is refused, with those that it reads', async () => {
    for (const encoding of ['gzip', 'br', 'identity, deflate']) {
      const { status, problem, headers } = await post('{}', { headers: { 'content-encoding': encoding } });
      expect({ status, code: problem.code }).toEqual({ status: 415, code: 'unsupported_media_type' });
      expect(headers.get('accept-encoding')).toBe('identity');
    }
    const gzip = { headers: { 'content-encoding': 'gzip' } };
    const unread = await problemOf(`${url}/api/v1/zipped`, json('{}', { headers: { 'content-encoding': 'br' } }));
    expect({ status: unread.status, accepts: unread.headers.get('accept-encoding') }).toEqual({
      status: 415,
      accepts: 'gzip, identity',
    });
    expect((await fetch(`${url}/api/v1/zipped`, json('{}', gzip))).status).toBe(200);
    // Without a body there is nothing to decode.
    expect((await fetch(`${url}/api/v1/cancel`, { method: 'POST', ...gzip })).status).toBe(200);
  });

  test('a body that is too large is refused', async () => {
    const large = await post(JSON.stringify({ note: 'x'.repeat(10 * 1024 * 1024) }));
    expect({ status: large.status, code: large.problem.code }).toEqual({ status: 413, code: 'too_large' });
    const chunked = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 40; i++) controller.enqueue(new TextEncoder().encode(' '.repeat(32 * 1024)));
        controller.close();
      },
    });
    const init: RequestInit & { duplex: 'half' } = { ...json(''), body: chunked, duplex: 'half' };
    const streamed = await fetch(`${url}/api/v1/orders`, init);
    expect(streamed.status).toBe(413);
    const route = await problemOf(`${url}/api/v1/large`, json({ text: 'x'.repeat(64) }));
    expect(route.status).toBe(413);
  });

  test('other content types are refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'nonsense']) {
      const { status, problem } = await post('{}', { headers: { 'content-type': type } });
      expect({ status, code: problem.code }).toEqual({ status: 415, code: 'unsupported_media_type' });
    }
    const none = await problemOf(`${url}/api/v1/orders`, { method: 'POST', body: new Uint8Array([123, 125]) });
    expect(none.status).toBe(415);
  });

  test('JSON with parameters is JSON', async () => {
    const init = json(
      { lines: [{ sku: 'A', quantity: 1 }] },
      { headers: { 'content-type': 'application/json; charset=utf-8' } },
    );
    expect((await fetch(`${url}/api/v1/orders`, init)).status).toBe(200);
  });

  test('a POST without a body is one, whatever its content type, where none is wanted', async () => {
    for (const init of [{ method: 'POST' }, json('')]) {
      expect((await fetch(`${url}/api/v1/cancel`, init)).status).toBe(200);
    }
  });

  test('an unknown path is 404, a wrong method 405 with those that are right', async () => {
    expect((await problemOf(`${url}/nowhere`)).problem.code).toBe('not_found');
    expect((await problemOf(`${url}/nowhere`, json({}))).problem.code).toBe('not_found');
    const wrong = await problemOf(`${url}/api/v1/orders/17`, { method: 'PATCH' });
    expect(wrong.status).toBe(405);
    expect(wrong.problem.code).toBe('method_not_allowed');
    expect(wrong.headers.get('allow')).toBe('DELETE, GET, HEAD');
  });

  test('a URL that cannot be read is refused', async () => {
    const answer = await sendRaw(url, 'GET /api/v1/orders/%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"malformed_request"');
    expect((await problemOf(`${url}/api/v1/orders/${'x'.repeat(2000)}`)).status).toBe(404);
  });

  test('what is unexpected says nothing, and 503 says when to come back', async () => {
    const broken = await problemOf(`${url}/api/v1/broken`);
    expect(broken.status).toBe(500);
    expect(broken.problem.code).toBe('internal');
    expect(JSON.stringify(broken.problem)).not.toContain('hunter2');
    for (const path of ['/api/v1/away', '/api/v1/lost']) {
      const away = await problemOf(`${url}${path}`);
      expect(away.status).toBe(503);
      expect(away.problem.code).toBe('unavailable');
      expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(JSON.stringify(away.problem)).not.toContain('10.1.2.3');
    }
    const limited = await problemOf(`${url}/api/v1/limited`);
    expect(limited.headers.get('retry-after')).toBe('7');
  });

  test('what is no HTTP is answered on the bare socket', async () => {
    const garbage = await sendRaw(url, 'nonsense\r\n\r\n');
    expect(garbage).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(garbage).toContain('content-type: application/problem+json');
    expect(garbage).toContain('"code":"malformed_request"');
    const long = await sendRaw(url, `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(long).toMatch(/^HTTP\/1\.1 431 /);
    expect(long).toContain('"code":"header_too_large"');
    const nowhere = await sendRaw(url, 'GET / HTTP/1.1\r\n\r\n');
    expect(nowhere).toMatch(/^HTTP\/1\.1 400 /);
    expect(nowhere).toContain('There is no Host header');
    const expecting = await sendRaw(url, 'GET / HTTP/1.1\r\nhost: x\r\nexpect: miracles\r\n\r\n');
    expect(expecting).toContain('"code":"malformed_request"');
  });

  test('answers to anything but a read are not to be cached', async () => {
    const order = await fetch(`${url}/api/v1/orders`, json({ lines: [{ sku: 'A', quantity: 1 }] }));
    expect(order.headers.get('cache-control')).toBe('no-store');
  });
});

test('headers and bodies that do not arrive are answered with 408', async () => {
  const { url, close } = await listeningApp(routes, { limits: { headersTimeoutMs: 200, requestTimeoutMs: 200 } });
  const head = await sendRaw(url, 'GET / HTTP/1.1\r\nhost: x\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 408 /);
  expect(head).toContain('"code":"request_timeout"');
  const body = await sendRaw(
    url,
    'POST /api/v1/orders HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
  );
  expect(body).toMatch(/^HTTP\/1\.1 408 /);
  await close();
});
