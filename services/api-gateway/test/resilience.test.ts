import { until } from '@tradepost/testing/until';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { counterOf, startTwoAddresses } from './two-addresses.ts';
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
const post = (headers: Record<string, string> = {}) => fetch(orders(), { method: 'POST', body: '{}', headers });

describe('two addresses', () => {
  test('share the requests', async () => {
    const names = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(orders())).text()));
    expect(names.filter((name) => name === 'first')).toHaveLength(10);
    expect(names.filter((name) => name === 'second')).toHaveLength(10);
  });

  test('an address that refuses connections is avoided by every request, and used again when it is back', async () => {
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

  test('an address that answers that it is overloaded is avoided, and then left alone for a while', async () => {
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
});

describe('a service that is down', () => {
  beforeEach(async () => {
    await Promise.all([gateway.order.kill(), second.kill()]);
  });

  test('is answered with 503 and Retry-After at once, and does not concern the others', async () => {
    const response = await fetch(orders());
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await response.json()).toMatchObject({ code: 'unavailable', instance: '/api/v1/orders' });
    expect((await fetch(`${gateway.url}/api/v1/products`)).status).toBe(200);
    expect((await fetch(`${gateway.url}/api/v1/auth/get-session`)).status).toBe(200);
  });

  test('is asked ever more seldom, and answers as soon as it is back', async () => {
    const retries = () => counterOf(gateway, 'tradepost_gateway_retries_total');
    // At once, so that a slow machine has no more time to try in than a fast one.
    const retriesOfHundred = async () => {
      const before = await retries();
      const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await fetch(orders())).status));
      expect(new Set(statuses)).toEqual(new Set([503]));
      return (await retries()) - before;
    };
    // With both circuits open, most are answered without trying.
    await until(async () => (await retriesOfHundred()) < 50, { what: 'the circuits to open' });
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
