import { until } from '@tradepost/testing/until';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { type FakeService, fakeService } from './upstreams.ts';

let gateway: TestGateway;
let second: FakeService;

const named =
  (name: string): FakeService['handler'] =>
  (_request, response) => {
    response.end(name);
  };

beforeEach(async () => {
  second = await fakeService(named('second'));
  const first = await fakeService(named('first'));
  for (const service of [first, second]) service.openapi = declared;
  gateway = await startGateway({ ORDER_URL: `${first.url},${second.url}` });
  await gateway.order.kill();
  Object.assign(gateway, { order: first });
});
afterEach(async () => {
  await gateway.stop();
  await second.kill();
});

/** What the services say of their operations: the gateway goes by nothing else. */
const declared = {
  openapi: '3.1.0',
  paths: {
    '/api/v1/orders': {
      get: {},
      put: { 'x-idempotency': 'always' },
      post: { 'x-idempotency': 'with-key' },
      patch: { 'x-idempotency': 'never' },
      delete: {},
    },
    '/api/v1/orders/{id}/cancel': { post: { 'x-idempotency': 'always' } },
    '/api/v1/orders/{id}/keys': { post: { 'x-idempotency': 'never' } },
  },
};

const orders = () => `${gateway.url}/api/v1/orders`;
const post = (headers: Record<string, string> = {}) => fetch(orders(), { method: 'POST', body: '{}', headers });

async function counter(name: string): Promise<number> {
  const text = await (await fetch(`${gateway.service.managementUrl}/metrics`)).text();
  return [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, 'gm'))].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
}

describe('two addresses', () => {
  test('share the requests', async () => {
    const names = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(orders())).text()));
    expect(names.filter((name) => name === 'first')).toHaveLength(10);
    expect(names.filter((name) => name === 'second')).toHaveLength(10);
  });

  test('one that refuses connections is gone around, by every request, and used again when it is back', async () => {
    await gateway.order.kill();
    for (let i = 0; i < 20; i++) {
      const response = await (i % 2 ? post() : fetch(orders()));
      expect(await response.text()).toBe('second');
    }
    await gateway.order.revive();
    await until(async () => (await (await fetch(orders())).text()) === 'first');
    // Closed again: both have their share.
    await until(async () => {
      const names = await Promise.all(Array.from({ length: 10 }, async () => (await fetch(orders())).text()));
      return names.filter((name) => name === 'first').length === 5;
    });
  });

  test.each([
    ['GET', '', {}, 200],
    ['PUT', '', {}, 200],
    ['POST', '', { 'idempotency-key': 'key-1' }, 200],
    ['POST', '', {}, 502],
    ['POST', '/1/cancel', {}, 200],
    // These operations ignore the key, declare nothing, or are not known: to send them again would be a guess.
    ['POST', '/1/keys', { 'idempotency-key': 'key-1' }, 502],
    ['PATCH', '', { 'idempotency-key': 'key-1' }, 502],
    ['DELETE', '', {}, 502],
    ['POST', '/1/unknown', { 'idempotency-key': 'key-1' }, 502],
  ])('%s %s %j whose connection is lost before the answer: %i', async (method, path, headers, status) => {
    await until(async () => (await (await fetch(`${gateway.url}/openapi.json`)).text()).includes('/keys'));
    const lost: string[] = [];
    const drop: FakeService['handler'] = (request, response, body) => {
      lost.push(body);
      if (lost.length === 1) request.socket.destroy();
      else response.end('done');
    };
    gateway.order.handler = drop;
    second.handler = drop;
    const body = method === 'GET' ? null : '{"a":1}';
    const response = await fetch(`${orders()}${path}`, { method, body, headers });
    expect(response.status).toBe(status);
    if (status === 502) expect(await response.json()).toMatchObject({ code: 'bad_gateway' });
    // Once more at most, with the same body.
    expect(lost).toEqual(status === 502 ? [body] : [body ?? '', body ?? '']);
    expect(await counter('tradepost_gateway_retries_total')).toBe(status === 502 ? 0 : 1);
  });

  test('connections that are lost at both are tried at the first again, and no more often than that', async () => {
    let losses = 2;
    const drop: FakeService['handler'] = (request, response) => {
      if (losses-- > 0) request.socket.destroy();
      else response.end('done');
    };
    gateway.order.handler = drop;
    second.handler = drop;
    const response = await fetch(orders());
    expect({ status: response.status, text: await response.text() }).toEqual({ status: 200, text: 'done' });
    expect([gateway.order.seen.length, second.seen.length].sort()).toEqual([1, 2]);
    losses = 3;
    expect((await fetch(orders())).status).toBe(502);
    expect(gateway.order.seen.length + second.seen.length).toBe(6);
  });

  test('connections that are all reset at one moment open every circuit, and fail nothing that may be repeated', async () => {
    const held: (() => void)[] = [];
    let isHolding = true;
    const hold: FakeService['handler'] = (request, response) => {
      if (isHolding) held.push(() => request.socket.destroy());
      else response.end('done');
    };
    gateway.order.handler = hold;
    second.handler = hold;
    const waiting = Array.from({ length: 30 }, () => fetch(orders()));
    await until(() => held.length === 30);
    isHolding = false;
    for (const reset of held) reset();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(waiting.map(() => 200));
  });

  test('the time limit is that of all attempts: a 503 that comes late is passed on and not taken elsewhere', async () => {
    const { order } = gateway;
    await gateway.stop();
    gateway = await startGateway({ ORDER_URL: `${order.url},${second.url}`, UPSTREAM_TIMEOUT_MS: 4000 });
    await gateway.order.kill();
    Object.assign(gateway, { order });
    const late: FakeService['handler'] = (_request, response) => {
      setTimeout(() => response.writeHead(503, { 'retry-after': '1' }).end('no database'), 2500);
    };
    order.handler = late;
    second.handler = late;
    const response = await fetch(orders());
    expect({ status: response.status, text: await response.text() }).toEqual({ status: 503, text: 'no database' });
    expect(order.seen.length + second.seen.length).toBe(1);
  });

  test('a body too large to be kept is not sent again', async () => {
    const drop: FakeService['handler'] = (request) => void request.socket.destroy();
    gateway.order.handler = drop;
    second.handler = drop;
    const body = 'x'.repeat(100_000);
    expect((await fetch(orders(), { method: 'PUT', body })).status).toBe(502);
    expect(gateway.order.seen.length + second.seen.length).toBe(1);
  });

  test('nothing is sent again once the answer has begun', async () => {
    const half: FakeService['handler'] = (_request, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('half', () => response.destroy());
    };
    gateway.order.handler = half;
    second.handler = half;
    await expect((await fetch(orders())).text()).rejects.toThrow();
    expect(gateway.order.seen.length + second.seen.length).toBe(1);
  });

  test('an answer that is too late is not waited for twice', async () => {
    const { order } = gateway;
    await gateway.stop();
    gateway = await startGateway({ ORDER_URL: `${order.url},${second.url}`, UPSTREAM_TIMEOUT_MS: 500 });
    await gateway.order.kill();
    Object.assign(gateway, { order });
    order.handler = () => undefined;
    second.handler = () => undefined;
    expect((await fetch(orders())).status).toBe(504);
    expect(order.seen.length + second.seen.length).toBe(1);
  });

  test('one that turns away what it may is gone around, and then left alone for a while', async () => {
    gateway.order.handler = (_request, response) => {
      response.writeHead(503, { 'retry-after': '1', connection: 'close' }).end('busy');
    };
    const names = [];
    for (let i = 0; i < 20; i++) names.push(await (await fetch(orders())).text());
    expect(names).toEqual(Array.from({ length: 20 }, () => 'second'));
    expect(gateway.order.seen.length).toBeLessThan(5);
  });

  test('a 503 of the only one left is passed on in its own words', async () => {
    await second.kill();
    gateway.order.handler = (_request, response) => {
      response.writeHead(503, { 'retry-after': '7', 'content-type': 'text/plain' }).end('busy');
    };
    const response = await fetch(orders());
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(await response.text()).toBe('busy');
  });

  test('one that closes its connections after each answer is about to go: the other is preferred', async () => {
    gateway.order.handler = (_request, response) => {
      response.writeHead(200, { connection: 'close' }).end('first');
    };
    const names = [];
    for (let i = 0; i < 20; i++) names.push(await (await fetch(orders())).text());
    expect(names.filter((name) => name === 'first')).toHaveLength(3);
    await second.kill();
    expect(await (await fetch(orders())).text()).toBe('first');
  });

  test('retries do not multiply an outage: their share of the requests is limited', async () => {
    // Bad, but not so bad that the circuit opens.
    const flaky = (): FakeService['handler'] => {
      let n = 0;
      return (request, response) => void (++n % 5 < 2 ? request.socket.destroy() : response.end());
    };
    gateway.order.handler = flaky();
    second.handler = flaky();
    let failed = 0;
    for (let round = 0; round < 60; round++) {
      const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(orders())).status));
      failed += statuses.filter((status) => status !== 200).length;
    }
    expect(failed).toBeGreaterThan(0);
    // The gateway asks for documents of its own meanwhile, each of which adds a fifth of a retry too.
    expect(await counter('tradepost_gateway_retries_total')).toBeLessThanOrEqual(100 + (1200 + 100) / 5);
  });
});

describe('a service that is down', () => {
  beforeEach(async () => {
    await Promise.all([gateway.order.kill(), second.kill()]);
  });

  test('is told at once, with when to come again, and does not concern the others', async () => {
    const response = await fetch(orders());
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await response.json()).toMatchObject({ code: 'unavailable', instance: '/api/v1/orders' });
    expect((await fetch(`${gateway.url}/api/v1/products`)).status).toBe(200);
    expect((await fetch(`${gateway.url}/api/v1/auth/get-session`)).status).toBe(200);
  });

  test('is asked ever more seldom, and answers as soon as it is back', async () => {
    for (let i = 0; i < 20; i++) expect((await fetch(orders())).status).toBe(503);
    const before = await counter('tradepost_gateway_retries_total');
    // At once, so that a slow machine has no more time to try in than a fast one.
    const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await fetch(orders())).status));
    expect(new Set(statuses)).toEqual(new Set([503]));
    // With both circuits open, most of those were answered without trying.
    expect((await counter('tradepost_gateway_retries_total')) - before).toBeLessThan(50);
    await gateway.order.revive();
    await until(async () => (await fetch(orders())).status === 200);
  });
});

test('orders need neither auth, nor product, nor the gateway’s own database', async () => {
  const token = gateway.auth.issuer.token();
  await Promise.all([gateway.auth.kill(), gateway.product.kill()]);
  await gateway.service.pool.query({
    text: 'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
  });
  const response = await post({ authorization: `Bearer ${token}` });
  expect(response.status).toBe(200);
  expect((await fetch(`${gateway.url}/api/v1/products`)).status).toBe(503);
});

test('one address that is full does not take more than its share', async () => {
  await gateway.stop();
  const held: (() => void)[] = [];
  gateway = await startGateway({ UPSTREAM_MAX_IN_FLIGHT: 2 });
  gateway.order.handler = (_request, response) => void held.push(() => response.end('done'));
  const waiting = [fetch(orders()), fetch(orders())];
  await until(() => held.length === 2);
  const response = await fetch(orders());
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: 'overloaded' });
  for (const release of held) release();
  for (const one of waiting) expect((await one).status).toBe(200);
});
