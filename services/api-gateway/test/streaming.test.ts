// Long: all cases share one gateway with its upstreams
import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { echo, type FakeService } from './upstreams.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway({
    UPSTREAM_TIMEOUT_MS: 300,
    UPSTREAM_WAIT_TIMEOUT_MS: 20_000,
    UPSTREAM_IDLE_TIMEOUT_MS: 300,
  });
});
afterAll(() => gateway.stop());
beforeEach(() => {
  gateway.product.seen.length = 0;
  gateway.order.seen.length = 0;
  gateway.product.handler = echo;
  gateway.order.handler = echo;
  gateway.product.intercept = undefined;
});

function send(path: string, options: RequestOptions = {}): ClientRequest {
  return httpRequest(gateway.url + path, { agent: false, ...options });
}

async function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = await once(request, 'response');
  return response;
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

describe('request bodies', () => {
  test.each([
    ['nothing', ''],
    ['a little', '{"a":1}'],
    ['as much as is buffered', 'x'.repeat(65_536)],
    ['more than is buffered', 'x'.repeat(65_537)],
    ['as much as is accepted', 'x'.repeat(1_048_576)],
  ])('%s arrives as it was sent, of known and of unknown length', async (_what, body) => {
    for (const chunked of [false, true]) {
      const request = send('/api/v1/orders', { method: 'POST', headers: { 'content-type': 'text/plain' } });
      if (chunked) {
        request.write(body.slice(0, body.length / 2));
        request.end(body.slice(body.length / 2));
      } else {
        request.setHeader('content-length', Buffer.byteLength(body));
        request.end(body);
      }
      const response = await answerTo(request);
      expect(response.statusCode).toBe(200);
      expect(JSON.parse(await textOf(response))).toMatchObject({ method: 'POST', body });
    }
  });

  test('one that waits to be asked for is asked for', async () => {
    const request = send('/api/v1/orders', {
      method: 'POST',
      headers: { expect: '100-continue', 'content-length': 2 },
    });
    request.flushHeaders();
    await once(request, 'continue');
    request.end('ok');
    const response = await answerTo(request);
    expect(JSON.parse(await textOf(response))).toMatchObject({ body: 'ok' });
  });

  test('more than is accepted is refused, before anybody is asked', async () => {
    const response = await fetch(`${gateway.url}/api/v1/orders`, { method: 'POST', body: 'x'.repeat(10_000_000) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'too_large' });
    expect(gateway.order.seen).toEqual([]);
  });

  test('more than is accepted is refused although its length was not told', async () => {
    const request = send('/api/v1/orders', { method: 'POST' });
    const answer = answerTo(request);
    for (let i = 0; i < 40; i++) request.write(Buffer.alloc(65_536));
    request.end();
    const response = await answer;
    expect(response.statusCode).toBe(413);
    expect(JSON.parse(await textOf(response))).toMatchObject({ code: 'too_large' });
    expect(gateway.order.seen).toEqual([]);
    expect((await fetch(`${gateway.url}/api/v1/orders`)).status).toBe(200);
  });

  test('an import is passed on while it is still being sent, at the pace at which it is taken', async () => {
    let taken: IncomingMessage | undefined;
    gateway.product.intercept = (request, response) => {
      taken = request;
      request.once('data', () => request.pause());
      request.on('end', () => response.end('done'));
      return true;
    };
    const request = send('/api/v1/products/imports', { method: 'POST' });
    const answer = answerTo(request);
    let sent = 0;
    const parts = function* () {
      for (; sent < 128 * 1024 * 1024; sent += 65_536) yield Buffer.alloc(65_536);
    };
    const upload = pipeline(Readable.from(parts()), request);
    const arrived = await until(() => taken);
    // What lies on the way is finite: what is not taken holds up the sender.
    await until(() => arrived.isPaused());
    await until(steady(() => sent));
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    arrived.on('data', () => undefined).resume();
    const response = await answer;
    await upload;
    expect(sent).toBe(128 * 1024 * 1024);
    expect(response.statusCode).toBe(200);
    expect(await textOf(response)).toBe('done');
  });

  test('an upload that its client breaks off is broken off at the service, and held against nobody', async () => {
    let closed = 0;
    gateway.product.intercept = (request) => {
      request.on('error', () => undefined).on('close', () => (closed += request.complete ? 0 : 1));
      request.resume();
      return true;
    };
    for (let i = 1; i <= 20; i++) {
      const request = send('/api/v1/products/imports', { method: 'POST' });
      request.on('error', () => undefined);
      request.write(Buffer.alloc(200_000), () => request.destroy());
      await until(() => closed === i);
    }
    gateway.product.intercept = undefined;
    expect((await fetch(`${gateway.url}/api/v1/products`)).status).toBe(200);
  });

  test('a service that answers before it has read everything is heard', async () => {
    gateway.product.intercept = (_request, response) => {
      response.writeHead(401, { 'content-type': 'text/plain' }).end('no');
      return true;
    };
    const request = send('/api/v1/products/imports', { method: 'POST' });
    request.on('error', () => undefined);
    const answer = answerTo(request);
    request.write(Buffer.alloc(300_000));
    const response = await answer;
    expect(response.statusCode).toBe(401);
    expect(await textOf(response)).toBe('no');
    request.destroy();
  });
});

/** True once `count` has gone up, and has been the same for ten looks at it. */
function steady(count: () => number): () => boolean {
  let last = 0;
  let same = 0;
  return () => {
    same = count() === last && last > 0 ? same + 1 : 0;
    last = count();
    return same >= 10;
  };
}

describe('answers', () => {
  test('a large one arrives whole', async () => {
    gateway.product.handler = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      for (let i = 0; i < 200; i++) response.write(String(i % 10).repeat(50_000));
      response.end();
    };
    const text = await (await fetch(`${gateway.url}/api/v1/products`)).text();
    expect(text.length).toBe(10_000_000);
    expect(text.endsWith('9')).toBe(true);
  });

  test('a client that does not read holds up the service instead of filling memory', async () => {
    let written = 0;
    let ended = false;
    const parts = function* () {
      for (; written < 128 * 1024 * 1024; written += 65_536) yield Buffer.alloc(65_536);
      ended = true;
    };
    gateway.product.handler = (_request, response) => pipeline(Readable.from(parts()), response);
    const request = send('/api/v1/products');
    request.end();
    const response = await answerTo(request);
    await until(steady(() => written));
    expect(ended).toBe(false);
    expect(written).toBeLessThan(64 * 1024 * 1024);
    response.resume();
    await once(response, 'end');
    expect(ended).toBe(true);
  });

  test.each([
    [204, undefined],
    [304, undefined],
    [200, '0'],
  ])('one without a body: %i', async (status, length) => {
    gateway.product.handler = (_request, response) => {
      response.writeHead(status, length === undefined ? {} : { 'content-length': length }).end();
    };
    const response = await fetch(`${gateway.url}/api/v1/products`);
    expect(response.status).toBe(status);
    expect(await response.text()).toBe('');
  });

  test('HEAD has the headers and no body', async () => {
    const response = await fetch(`${gateway.url}/api/v1/products`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('');
  });

  test('one that breaks off does not look complete', async () => {
    gateway.product.handler = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('some', () => response.destroy());
    };
    const response = await fetch(`${gateway.url}/api/v1/products`);
    await expect(response.text()).rejects.toThrow();
  });

  test('one that stops coming is broken off', async () => {
    gateway.product.handler = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('some');
    };
    const response = await fetch(`${gateway.url}/api/v1/products`);
    await expect(response.text()).rejects.toThrow();
  });

  test('a client that leaves is not worked for any longer', async () => {
    let left = false;
    gateway.order.handler = (_request, response) => {
      response.on('close', () => (left = true));
    };
    const request = send('/api/v1/orders', { headers: { prefer: 'wait=30' } });
    request.on('error', () => undefined);
    request.end();
    await until(() => gateway.order.seen.length === 1);
    request.destroy();
    await until(() => left);
  });
});

test('a gateway that is about to stop closes its connections, and ends streams as if they were over', async () => {
  const leaving = await startGateway({ SHUTDOWN_DELAY_MS: 1000 });
  leaving.order.handler = (request, response) => {
    if (!request.url?.endsWith('/events')) return echo(request, response, '');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: one\n\n');
  };
  const stream = await fetch(`${leaving.url}/api/v1/orders/1/events`, { headers: { accept: 'text/event-stream' } });
  expect((await fetch(`${leaving.url}/api/v1/orders`)).headers.get('connection')).toBe('keep-alive');
  const stopped = leaving.stop();
  const response = await fetch(`${leaving.url}/api/v1/orders`);
  expect(response.status).toBe(200);
  expect(response.headers.get('connection')).toBe('close');
  expect(await stream.text()).toBe('data: one\n\n');
  await stopped;
});

describe('time', () => {
  test('a body that does not arrive is answered 408, and an import is waited for', async () => {
    const own = await startGateway({ BODY_TIMEOUT_MS: 300 });
    const open = (path: string, length: number) =>
      httpRequest(own.url + path, { method: 'POST', agent: false, headers: { 'content-length': length } });
    const upload = open('/api/v1/products/imports', 3);
    upload.write('a');
    for (const [length, begun] of [
      [10, 'x'],
      [100_000, 'x'],
      [100_000, 'x'.repeat(70_000)],
    ] as const) {
      const request = open('/api/v1/orders', length);
      request.on('error', () => undefined);
      request.write(begun);
      const response = await answerTo(request);
      expect(response.statusCode).toBe(408);
      expect(JSON.parse(await textOf(response))).toMatchObject({ code: 'request_timeout' });
      request.destroy();
    }
    upload.end('bc');
    const response = await answerTo(upload);
    expect(response.statusCode).toBe(200);
    expect(JSON.parse(await textOf(response))).toMatchObject({ body: 'abc' });
    await own.stop();
  });

  test('a service that does not answer in time', async () => {
    gateway.order.handler = () => undefined;
    const response = await fetch(`${gateway.url}/api/v1/orders`);
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ code: 'gateway_timeout' });
    expect(gateway.order.seen).toHaveLength(1);
  });

  test('one that was asked to wait may take longer', async () => {
    const waiting: (() => void)[] = [];
    gateway.order.handler = (request, response) => {
      if (request.headers.prefer) waiting.push(() => response.end('settled'));
    };
    const patient = fetch(`${gateway.url}/api/v1/orders`, { headers: { prefer: 'respond-async, wait=30' } });
    await until(() => waiting.length === 1);
    expect((await fetch(`${gateway.url}/api/v1/orders`)).status).toBe(504);
    waiting[0]?.();
    expect(await (await patient).text()).toBe('settled');
  });

  test('a stream of events arrives event by event and outlives every timeout', async () => {
    let emit: (text: string) => void = () => undefined;
    gateway.order.handler = (request, response) => {
      if (request.url?.endsWith('/slow')) {
        response.writeHead(200);
        response.write('x');
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.flushHeaders();
      emit = (text) => response.write(`data: ${text}\n\n`);
    };
    const response = await fetch(`${gateway.url}/api/v1/orders/1/events`, { headers: { accept: 'text/event-stream' } });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    emit('one');
    expect((await reader?.read())?.value).toBe('data: one\n\n');
    // Another answer, that is no stream of events, is given up for its silence meanwhile.
    await expect((await fetch(`${gateway.url}/api/v1/orders/slow`)).text()).rejects.toThrow();
    emit('two');
    expect((await reader?.read())?.value).toBe('data: two\n\n');
    await reader?.cancel();
  });
});

describe('streams of events', () => {
  const accept = { accept: 'text/event-stream' };
  const as = (session: string) => ({ ...accept, authorization: `Bearer ${session}` });
  const events = (headers: Record<string, string>, at = gateway) =>
    fetch(`${at.url}/api/v1/orders/1/events`, { headers });
  const streaming: FakeService['handler'] = (request, response, body) => {
    if (!request.url?.endsWith('/events')) return echo(request, response, body);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: one\n\n');
  };
  const alice = { accountId: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11' };
  const bob = { accountId: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d22' };

  test('are bounded per account and in all, and are no requests in flight', async () => {
    const own = await startGateway({
      MAX_EVENT_STREAMS: 5,
      MAX_EVENT_STREAMS_PER_ACCOUNT: 3,
      UPSTREAM_MAX_IN_FLIGHT: 4,
      MAX_REQUESTS_IN_FLIGHT: 4,
      MAX_EVENT_LOOP_DELAY_MS: 0,
    });
    own.order.handler = streaming;
    own.auth.sessions.set('a', alice).set('b', bob);
    const open: Response[] = [];
    const more = async (session: string) => {
      const response = await events(as(session), own);
      if (response.status !== 200) return { status: response.status, body: await response.json() };
      open.push(response);
      return { status: 200, body: undefined };
    };
    for (let i = 0; i < 3; i++) expect(await more('a')).toEqual({ status: 200, body: undefined });
    expect(await more('a')).toMatchObject({
      status: 429,
      body: { code: 'rate_limited', detail: expect.stringContaining('3 event streams') },
    });
    for (let i = 0; i < 2; i++) expect(await more('b')).toEqual({ status: 200, body: undefined });
    expect(await more('b')).toMatchObject({ status: 503, body: { code: 'overloaded' } });
    // Other requests are served, although more streams are open than there may be requests in flight.
    expect((await fetch(`${own.url}/api/v1/orders`, { headers: { authorization: 'Bearer a' } })).status).toBe(200);
    await open[0]?.body?.cancel();
    await until(async () => (await more('a')).status === 200);
    await Promise.all(open.map((response) => response.body?.cancel().catch(() => undefined)));
    await own.stop();
  });

  test('an answer that is no stream keeps no place', async () => {
    gateway.auth.sessions.set('c', alice);
    for (let i = 0; i < 25; i++) {
      const response = await fetch(`${gateway.url}/api/v1/orders`, { headers: as('c') });
      expect(response.status).toBe(200);
      await response.text();
    }
  });

  test('end when their access token expires', async () => {
    gateway.order.handler = streaming;
    gateway.auth.sessions.set('short', { ...alice, expiresIn: 2 });
    const response = await events(as('short'));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('data: one\n\n');
  });
});
