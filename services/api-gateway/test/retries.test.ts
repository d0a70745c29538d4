import { until } from '@tradepost/testing/until';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TestGateway } from './gateway.ts';
import { counterOf, startInFrontOf, startTwoAddresses } from './two-addresses.ts';
import type { FakeService } from './upstreams.ts';

let gateway: TestGateway;
let second: FakeService;
beforeEach(async () => {
  ({ gateway, second } = await startTwoAddresses());
});
afterEach(async () => {
  await gateway.stop();
  await second.kill();
});

const orders = () => `${gateway.url}/api/v1/orders`;

describe('two addresses', () => {
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
    expect(await counterOf(gateway, 'tradepost_gateway_retries_total')).toBe(status === 502 ? 0 : 1);
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
    gateway = await startInFrontOf(order, second, { UPSTREAM_TIMEOUT_MS: 4000 });
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
    gateway = await startInFrontOf(order, second, { UPSTREAM_TIMEOUT_MS: 500 });
    order.handler = () => undefined;
    second.handler = () => undefined;
    expect((await fetch(orders())).status).toBe(504);
    expect(order.seen.length + second.seen.length).toBe(1);
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
    expect(await counterOf(gateway, 'tradepost_gateway_retries_total')).toBeLessThanOrEqual(100 + (1200 + 100) / 5);
  });
});
