import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { json, listeningApp, problemOf } from './http.ts';
import { problemRoutes } from './problem-routes.ts';

describe('a request that is not valid', () => {
  let url = '';
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ url, close } = await listeningApp(problemRoutes));
  });
  afterAll(() => close());

  const post = (body: unknown, init?: RequestInit) => problemOf(`${url}/api/v1/orders`, json(body, init));

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
      '/lines/2/quantity': 'must be a whole number',
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
    expect((await problemOf(`${url}/api/v1/orders/urn:uuid:${id}`)).problem.errors).toMatchObject([{ field: '{id}' }]);
    const bad = await problemOf(`${url}/api/v1/orders/nonsense?limit=many`, { headers: { 'x-depth': 'deep' } });
    expect(bad.problem.errors?.map(({ field }) => field)).toEqual(['{id}', '?limit', 'x-depth']);
  });

  test('a body that is huge is not searched for every error', async () => {
    const lines = Array.from({ length: 3_000 }, () => ({ sku: '', quantity: -1 }));
    const { status, problem } = await post({ lines });
    expect(status).toBe(400);
    expect(problem.errors).toHaveLength(1);
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
});
