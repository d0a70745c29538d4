import { Problem } from '@tradepost/contracts/problem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAjv } from '../src/validation.ts';
import { json, listeningApp, problemOf, sendRaw } from './http.ts';
import { problemRoutes } from './problem-routes.ts';

const isProblem = createAjv({}).compile(Problem);

describe('problem documents', () => {
  let url = '';
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ url, close } = await listeningApp(problemRoutes));
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

  test('a POST without a body is one, with any content type, where none is wanted', async () => {
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
    for (const head of [
      'host: a\r\nhost: a',
      'host: a b',
      'host: a"<x>',
      'host: u@a',
      'host: a/b',
      'host: [::1',
      'host: a:b',
    ]) {
      expect(await sendRaw(url, `GET / HTTP/1.1\r\n${head}\r\n\r\n`), head).toMatch(/^HTTP\/1\.1 400 .*Host header/s);
    }
    for (const host of ['', 'a', 'A.example:80', '127.0.0.1', '[::1]:80', 'xn--bcher-kva.example.']) {
      expect(await sendRaw(url, `GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`), host).toMatch(/^HTTP\/1\.1 404 /);
    }
    const coded = 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n';
    expect(await sendRaw(url, coded)).toMatch(/^HTTP\/1\.1 400 .*Transfer-Encoding/s);
    const expecting = await sendRaw(url, 'GET / HTTP/1.1\r\nhost: x\r\nexpect: miracles\r\n\r\n');
    expect(expecting).toContain('"code":"malformed_request"');
  });

  test('answers to anything but a read are not to be cached', async () => {
    const order = await fetch(`${url}/api/v1/orders`, json({ lines: [{ sku: 'A', quantity: 1 }] }));
    expect(order.headers.get('cache-control')).toBe('no-store');
  });
});

test('headers and bodies that do not arrive are answered with 408', async () => {
  const { url, close } = await listeningApp(problemRoutes, {
    limits: { headersTimeoutMs: 200, requestTimeoutMs: 200 },
  });
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
