import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { encodeEvent } from '@tradepost/messaging/encoded-event';
import { createInMemoryTransport } from '@tradepost/messaging/in-memory-transport';
import { newEvent } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { startService, type TestService } from '@tradepost/testing/service';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemOf } from './http.ts';
import { notesService } from './notes.ts';

let service: TestService;
const base = () => `${service.url}/api/v1/admin/notes`;
const admin = () => ({ headers: service.issuer.headers({ role: 'admin' }) });
const read = async (path: string): Promise<unknown> => (await fetch(base() + path, admin())).json();

beforeAll(async () => {
  // Nobody takes what `notes` writes, so that it stays in the outbox.
  const topology = { notes: { queue: ['order.placed.v1' as const] }, away: { queue: ['account.changed.v1' as const] } };
  const transport = createInMemoryTransport({ log: pino({ level: 'silent' }), topology });
  service = await startService(notesService, {}, { transport });
});
afterAll(() => service.stop());

function order(amount: number): CloudEvent<'order.placed.v1'> {
  const orderId = uuidv7();
  const total = { amount, currency: 'EUR' };
  const lines = [{ sku: 'A', quantity: 1, unitPrice: total, priceVersion: 1 }];
  const data = { orderId, customerId: uuidv7(), placedAt: new Date().toISOString(), total, lines };
  return newEvent({ source: 'order', type: 'order.placed.v1', subject: orderId, data });
}

test('an admin sees what waits, and where single messages are', async () => {
  expect(await read('/messaging')).toEqual({
    transport: 'memory',
    connected: true,
    hears: ['order.placed.v1'],
    outbox: { events: 0, oldestSeconds: 0 },
    queue: null,
    deadLetters: 0,
  });
  const [good, bad] = [order(5), order(13)];
  await Promise.all(service.transport.publish([good, bad].map(encodeEvent)));
  const written = await fetch(`${service.url}/api/v1/notes`, {
    method: 'POST',
    body: '{"text":"one"}',
    headers: { ...service.issuer.headers({ role: 'customer' }), 'content-type': 'application/json' },
  });
  expect(written.status).toBe(201);
  const { rows } = await service.pool.query<{ id: string }>({ text: "select event ->> 'id' as id from outbox" });
  const waiting = rows[0]?.id ?? '';
  // What the good one caused waits as well.
  const overview = await until(async () => {
    const found = Object(await read('/messaging'));
    return found.deadLetters === 1 && found;
  });
  expect(overview.outbox).toMatchObject({ events: 2, oldestSeconds: expect.any(Number) });
  expect(overview.outbox.oldestSeconds).toBeGreaterThan(0);
  const { items } = Object(await read(`/messages?id=${[good.id, bad.id, waiting, uuidv7()].join(',')}`));
  const states = Object.fromEntries(items.map((item: { id: string; state: string }) => [item.id, item.state]));
  expect(states).toEqual({ [good.id]: 'handled', [bad.id]: 'parked', [waiting]: 'unpublished' });
  expect(Math.abs(Date.parse(items[0].at) - Date.now())).toBeLessThan(60_000);
});

test('nobody else does, and ids are ids', async () => {
  for (const path of ['/messaging', `/messages?id=${uuidv7()}`]) {
    expect((await problemOf(base() + path)).status).toBe(401);
    for (const role of ['customer', 'seller'] as const) {
      const { status } = await problemOf(base() + path, { headers: service.issuer.headers({ role }) });
      expect(status).toBe(403);
    }
  }
  for (const ids of ['x', "'", '', Array.from({ length: 101 }, uuidv7).join(',')]) {
    expect((await problemOf(`${base()}/messages?id=${ids}`, admin())).status).toBe(400);
  }
});
