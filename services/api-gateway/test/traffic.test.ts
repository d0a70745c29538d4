import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TrafficSampler } from '../src/actions/traffic-sampler.ts';
import { countRequest, emptyTraffic, type ServiceName, type TrafficSample } from '../src/domain/traffic.ts';
import { deleteTrafficSamples, insertTrafficSamples } from '../src/store/traffic-samples.ts';
import { startGateway, type TestGateway } from './gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

const admin = () => gateway.auth.issuer.headers({ role: 'admin' });

async function read(query = '', headers: Record<string, string> = admin()) {
  const response = await fetch(`${gateway.url}/api/v1/traffic${query}`, { headers });
  // biome-ignore lint/suspicious/noExplicitAny: what is expected of it is what these tests assert.
  return { status: response.status, body: (await response.json()) as any };
}

async function of(service: ServiceName, query = '') {
  const { body } = await read(query);
  return body.services.find((one: { service: string }) => one.service === service);
}

function sample(service: ServiceName, secondsAgo: number, ...latencies: number[]): TrafficSample {
  const traffic = emptyTraffic();
  for (const latency of latencies) countRequest(traffic, 200, latency);
  return { service, at: new Date(Math.floor(Date.now() / 10_000) * 10_000 - secondsAgo * 1000), ...traffic };
}

describe('the traffic', () => {
  test('is what passed, by service, without what operators ask', async () => {
    const { order, product } = gateway;
    order.handler = (request, response) => {
      const status = request.url === '/api/v1/orders/busy' ? 503 : 201;
      response.writeHead(status).end();
    };
    product.handler = (_request, response) => void response.writeHead(404).end();
    const ask = (path: string, init: RequestInit = {}) => fetch(gateway.url + path, init);
    await ask('/api/v1/orders', { method: 'POST', headers: { prefer: 'wait=5' } });
    await ask('/api/v1/orders/busy');
    await ask('/api/v1/products/none');
    await ask('/api/v1/admin/order/statistics');
    await ask('/nowhere/at/all');
    await read();
    const whole = await until(
      async () => {
        const { body } = await read();
        return body.services.every((one: { total: { requests: number }; service: string }) =>
          ['auth', 'notification'].includes(one.service) ? true : one.total.requests > 0,
        )
          ? body
          : undefined;
      },
      { what: 'the sample to be over and written' },
    );
    const totals = Object.fromEntries(
      whole.services.map(({ service, total }: { service: string; total: object }) => [service, total]),
    );
    expect(totals.order).toMatchObject({ requests: 2, refused: 0, failed: 1 });
    expect(totals.product).toMatchObject({ requests: 1, refused: 1, failed: 0 });
    expect(totals['api-gateway']).toMatchObject({ requests: 1, refused: 1, failed: 0 });
    expect(totals.auth).toMatchObject({ requests: 0, p50: null });
    // Of the two orders one was asked to wait.
    const { rows } = await gateway.service.pool.query<{ answers: number }>({
      text: `select sum((select sum(n) from unnest(latency) as n))::int as answers
        from traffic_sample where service = 'order'`,
    });
    expect(rows).toEqual([{ answers: 1 }]);
    expect(whole.instances).toBe(1);
  });

  test('is added up over instances and steps', async () => {
    const { pool } = gateway.service;
    const [one, other] = [uuidv7(), uuidv7()];
    await insertTrafficSamples(pool, one, [sample('auth', 60, 4, 4, 4), sample('auth', 50, 40)]);
    await insertTrafficSamples(pool, other, [sample('auth', 60, 400)]);
    // Written once more, as when the answer of the database was lost.
    await insertTrafficSamples(pool, one, [sample('auth', 60, 4, 4, 4)]);
    const auth = await of('auth');
    expect(auth.total).toMatchObject({ requests: 5 });
    expect(auth.requests.filter((n: number) => n > 0)).toEqual([4, 1]);
    const busiest = auth.requests.indexOf(4);
    expect(auth.p50[busiest]).toBeGreaterThan(3);
    expect(auth.p50[busiest]).toBeLessThanOrEqual(5);
    expect(auth.p99[busiest]).toBeGreaterThan(300);
    expect((await of('auth', '?minutes=1440')).total.requests).toBe(5);
  });

  test('is forgotten after a day', async () => {
    const { pool } = gateway.service;
    await insertTrafficSamples(pool, uuidv7(), [sample('auth', 100_000, 1), sample('auth', 90_000, 1)]);
    const before = new Date(Date.now() - 95_000_000);
    expect(await deleteTrafficSamples(pool, before, 10)).toBe(1);
    expect(await deleteTrafficSamples(pool, before, 10)).toBe(0);
  });

  test('is for admins alone', async () => {
    expect((await read('', {})).status).toBe(401);
    expect((await read('', gateway.auth.issuer.headers({ role: 'seller' }))).status).toBe(403);
    expect((await read('?minutes=4')).status).toBe(400);
  });
});

describe('the meter', () => {
  test('cuts what is over, and what there is when it stops', () => {
    const start = Date.UTC(2026, 0, 1, 0, 0, 3);
    const meter = new TrafficSampler(start);
    meter.record('order', 201, 3);
    expect(meter.flushSample(start + 6_000, { unfinished: false })).toEqual([]);
    expect(meter.flushSample(start + 7_000, { unfinished: false })).toMatchObject([
      { service: 'order', requests: 1, at: new Date('2026-01-01T00:00:00Z') },
    ]);
    meter.record('auth', 500, 1);
    expect(meter.flushSample(start + 8_000, { unfinished: true })).toMatchObject([
      { service: 'auth', failed: 1, at: new Date('2026-01-01T00:00:10Z') },
    ]);
    expect(meter.flushSample(start + 9_000, { unfinished: true })).toEqual([]);
  });
});
