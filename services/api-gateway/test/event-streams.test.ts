import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { resetServices, startImpatientGateway } from './streams.ts';
import { echo, type FakeService } from './upstreams.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startImpatientGateway();
});
afterAll(() => gateway.stop());
beforeEach(() => resetServices(gateway));

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
