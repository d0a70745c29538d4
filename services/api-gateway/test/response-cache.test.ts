import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { answerTo, sendTo, textOf } from './streams.ts';
import type { Seen } from './upstreams.ts';

let gateway: TestGateway;
/** Those that `product` has not answered yet. */
const held: { response: ServerResponse; answer(): void }[] = [];
let version = 1;
let path = '';
let tests = 0;

beforeAll(async () => {
  gateway = await startGateway({ CORS_ORIGINS: 'https://other.example', RESPONSE_CACHE_ENTRIES: 50 });
});
afterAll(() => gateway.stop());
beforeEach(() => {
  gateway.product.seen.length = 0;
  held.length = 0;
  path = `/api/v1/products/mug-${++tests}`;
  answerWith({});
});

const shared = { 'x-tradepost-cache-control': 'max-age-ms=60000, age-ms=0' };
const body = () => JSON.stringify({ version, title: 'Ärmel 😀' });

/** What `product` answers from now on: 200, shareable for a minute. */
function answerWith(o: { status?: number; headers?: Record<string, string>; hold?: boolean }): void {
  const { status = 200, headers = shared } = o;
  gateway.product.handler = (request, response) => {
    const answer = () => {
      const text = body();
      response.writeHead(status, {
        'content-length': Buffer.byteLength(text),
        etag: `"${version}"`,
        'cache-control': 'no-store',
        ...headers,
      });
      response.end(request.method === 'HEAD' ? '' : text);
    };
    if (o.hold) held.push({ response, answer });
    else answer();
  };
}

const get = (target = path, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(gateway.url + target, { headers, method });
/** `fetch` asks for a fresh answer whenever there is an If-None-Match. */
function getIfChanged(tags: string, target = path) {
  const request = sendTo(gateway.url + target, { headers: { 'if-none-match': tags } });
  request.end();
  return answerTo(request);
}
const text = async (...args: Parameters<typeof get>) => (await get(...args)).text();
const asked = (target = path): Seen[] => gateway.product.seen.filter(({ url }) => url === target);

/** A figure of the gateway's metrics, by its name and the labels in it. */
async function metric(name: string, label = ''): Promise<number> {
  const metrics = await (await fetch(`${gateway.service.managementUrl}/metrics`)).text();
  const line = metrics.split('\n').find((one) => one.startsWith(name) && one.includes(label));
  return Number(line?.split(' ').at(-1) ?? 0);
}

const cacheUses = (outcome: string) => metric('tradepost_gateway_cache_requests_total', `outcome="${outcome}"`);
const inFlight = (count: number) => until(async () => (await metric('tradepost_http_requests_in_flight')) === count);

describe('an answer that its service allows to keep', () => {
  test('is given to everybody who asks the same, with its age, and only the service sees how long it may be kept', async () => {
    answerWith({ headers: { 'x-tradepost-cache-control': 'max-age-ms=60000, age-ms=7300' } });
    const askedAt = performance.now();
    const first = await get();
    expect(first.headers.has('age')).toBe(false);
    const second = await get();
    const age = Number(second.headers.get('age'));
    expect(age).toBeGreaterThanOrEqual(7);
    expect(age).toBeLessThanOrEqual(7.3 + (performance.now() - askedAt) / 1000);
    expect(await second.text()).toBe(body());
    for (const { headers } of [first, second]) {
      expect(headers.get('etag')).toBe(`"${version}"`);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.has('x-tradepost-cache-control')).toBe(false);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    expect(asked()).toHaveLength(1);
  });

  test('is not given out when it is older than that', async () => {
    answerWith({ headers: { 'x-tradepost-cache-control': 'max-age-ms=1000, age-ms=950' } });
    const before = await text();
    version += 1;
    expect(await until(async () => (await text()) !== before)).toBe(true);
    answerWith({ headers: { 'x-tradepost-cache-control': 'max-age-ms=1000, age-ms=1000' } });
    path = `${path}-old`;
    await text();
    await text();
    expect(asked()).toHaveLength(2);
  });

  test('answers HEAD and If-None-Match', async () => {
    await text();
    const head = await get(path, {}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      String(Buffer.byteLength(body())),
      '',
    ]);
    const known = await getIfChanged(`"0", W/"${version}"`);
    expect([known.statusCode, known.headers.etag, await textOf(known)]).toEqual([304, `"${version}"`, '']);
    expect(known.headers).not.toHaveProperty('content-length');
    expect(known.headers).toHaveProperty('age', expect.stringMatching(/^\d+$/));
    expect((await getIfChanged('"0"')).statusCode).toBe(200);
    expect(asked()).toHaveLength(1);
    // Without an answer that is kept, they go to the service as they are, and are not kept.
    await get(`${path}-2`, {}, 'HEAD');
    await getIfChanged('"0"', `${path}-2`);
    expect(asked(`${path}-2`).map(({ method, headers }) => [method, headers['if-none-match']])).toEqual([
      ['HEAD', undefined],
      ['GET', '"0"'],
    ]);
  });

  test('is found with its parameters in any order, and not by other requests', async () => {
    const target = '/api/v1/products?limit=2&category=a&category=b';
    await text(target);
    await text('/api/v1/products?category=a&limit=2&&category=b');
    expect(gateway.product.seen).toHaveLength(1);
    await text('/api/v1/products?category=b&limit=2&category=a');
    expect(gateway.product.seen).toHaveLength(2);
  });

  test('lets pages of other origins read it where they may, each by its own headers', async () => {
    await text();
    const other = await get(path, { origin: 'https://other.example' });
    expect(other.headers.get('access-control-allow-origin')).toBe('https://other.example');
    expect(other.headers.get('vary')).toBe('origin');
    const own = await get();
    expect(own.headers.has('access-control-allow-origin')).toBe(false);
    expect(own.headers.get('vary')).toBe('origin');
    expect(asked()).toHaveLength(1);
  });
});

describe('what is never shared', () => {
  test.each<[string, Record<string, string>]>([
    ['an access token', { authorization: 'Bearer a.b.c' }],
    ['something else as Authorization', { authorization: 'Basic eDp5' }],
    ['an API key in a header of its own', { 'x-api-key': 'tpk_1' }],
    ['a session cookie', { cookie: 'theme=dark; better-auth.session_token=none' }],
    ['a session cookie of https', { cookie: '__Secure-better-auth.session_token=none' }],
  ])('an answer to a request with %s', async (_name, headers) => {
    await get(path, headers);
    await get();
    await get(path, headers);
    expect(asked()).toHaveLength(3);
  });

  test.each<[string, Record<string, string>]>([
    ['whose service says nothing', {}],
    ['that nobody may store', { 'x-tradepost-cache-control': 'no-store' }],
    ['that is private', { 'x-tradepost-cache-control': 'private, max-age-ms=60000, age-ms=0' }],
    ['that sets a cookie', { ...shared, 'set-cookie': 'a=b' }],
    ['that varies', { ...shared, vary: 'accept-language' }],
  ])('an answer %s', async (_name, headers) => {
    answerWith({ headers });
    await text();
    await text();
    expect(asked()).toHaveLength(2);
  });

  test.each([404, 500, 503])('a %i', async (status) => {
    answerWith({ status });
    expect((await get()).status).toBe(status);
    const count = asked().length;
    expect((await get()).status).toBe(status);
    expect(asked().length).toBeGreaterThan(count);
  });

  test('an answer to who asks for a fresh one', async () => {
    await text();
    await text(path, { 'cache-control': 'no-cache' });
    await text(path, { 'cache-control': 'max-age=0' });
    expect(asked()).toHaveLength(3);
    await text(path, { cookie: 'theme=dark' });
    expect(asked()).toHaveLength(3);
  });
});

describe('reads of the same at the same time', () => {
  test('are one request, and it outlives the client that began it', async () => {
    answerWith({ hold: true });
    const leaving = new AbortController();
    const leader = fetch(gateway.url + path, { signal: leaving.signal }).catch(() => 'left');
    await until(() => held.length === 1);
    const sharedBefore = await cacheUses('shared');
    const followers = [text(), text(), text()];
    const gone = new AbortController();
    const follower = fetch(gateway.url + path, { signal: gone.signal }).catch(() => 'left');
    await inFlight(5);
    leaving.abort();
    gone.abort();
    expect(await Promise.all([leader, follower])).toEqual(['left', 'left']);
    await inFlight(3);
    held[0]?.answer();
    expect(await Promise.all(followers)).toEqual([body(), body(), body()]);
    expect(asked()).toHaveLength(1);
    expect(await cacheUses('shared')).toBe(sharedBefore + 3);
    expect(await text()).toBe(body());
    expect(asked()).toHaveLength(1);
  });

  test('ask for themselves when the first one fails, or may not be shared', async () => {
    for (const end of [
      () => held[0]?.response.destroy(),
      () => held[0]?.response.writeHead(404).end(),
      () => held[0]?.response.writeHead(200, { 'content-length': 5 }).end('alone'),
    ]) {
      path = `${path}-x`;
      held.length = 0;
      answerWith({ hold: true });
      const leader = get().then(
        (response) => response.text(),
        () => 'failed',
      );
      await until(() => held.length === 1);
      const followers = [text(), text()];
      await inFlight(3);
      answerWith({});
      end();
      expect(await Promise.all(followers)).toEqual([body(), body()]);
      await leader;
    }
  });

  test('a client that leaves is not worked for when nobody else waits', async () => {
    answerWith({ hold: true });
    const leaving = new AbortController();
    const leader = fetch(gateway.url + path, { signal: leaving.signal }).catch(() => 'left');
    await until(() => held.length === 1);
    const { response } = held[0] ?? {};
    leaving.abort();
    await leader;
    if (response && !response.destroyed) await once(response, 'close');
    answerWith({});
    await text();
    await text();
    expect(asked()).toHaveLength(2);
  });
});

test('a read that began before a change is not given to those who ask after it', async () => {
  answerWith({ hold: true });
  const before = text();
  await until(() => held.length === 1);
  const old = body();
  gateway.product.handler = (request, response) => {
    version += 1;
    response.writeHead(request.method === 'PATCH' ? 200 : 500).end();
  };
  expect((await get(path, {}, 'PATCH')).status).toBe(200);
  answerWith({});
  const stale = held[0]?.response;
  const after = text();
  expect(await after).toBe(body());
  stale?.writeHead(200, { 'content-length': Buffer.byteLength(old), ...shared }).end(old);
  expect(await before).toBe(old);
  expect(await text()).toBe(body());
});

test('queries that nobody repeats do not remove what is asked for again', async () => {
  await text();
  await text();
  for (let i = 0; i < 120; i++) await text(`/api/v1/products?category=random-${i}`);
  await text();
  expect(asked()).toHaveLength(1);
  expect(await metric('tradepost_gateway_cache_entries')).toBeLessThanOrEqual(50);
  expect(await metric('tradepost_gateway_cache_evictions_total')).toBeGreaterThan(50);
});
