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
const base = () => `${service.url}/api/v1/admin/notes/dead-letters`;
const admin = () => ({ headers: service.issuer.headers({ role: 'admin' }) });

beforeAll(async () => {
  const topology = { notes: { queue: ['order.placed.v1' as const] } };
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

async function items(): Promise<{ eventId: string; error: string }[]> {
  const body: unknown = await (await fetch(base(), admin())).json();
  // as: the schema of the answer says so.
  return (body as { items: { eventId: string; error: string }[] }).items;
}

test('what could not be handled is listed, replayed and discarded by an admin', async () => {
  const [first, second] = [order(13), order(13)];
  await Promise.all(service.transport.publish([first, second, order(5)].map(encodeEvent)));
  await until(async () => (await items()).length === 2);
  const [latest] = await items();
  expect(latest?.error).toContain('Thirteen');

  const page = await (await fetch(`${base()}?limit=1`, admin())).json();
  expect(page).toMatchObject({ items: [{}], nextCursor: expect.any(String) });
  const cursor = String(Object(page).nextCursor);
  const rest = await (await fetch(`${base()}?limit=1&cursor=${cursor}`, admin())).json();
  expect(rest).toMatchObject({ items: [{}], nextCursor: null });
  expect((await problemOf(`${base()}?cursor=nonsense`, admin())).problem.code).toBe('invalid_cursor');

  expect(await (await fetch(`${base()}/${first.id}`, admin())).json()).toMatchObject({
    eventId: first.id,
    event: first,
  });
  const replayed = await problemOf(`${base()}/${first.id}/replay`, { method: 'POST', ...admin() });
  expect(replayed).toMatchObject({ status: 422, problem: { code: 'unprocessable' } });
  await service.pool.query({
    text: "update dead_letter set event = jsonb_set(event::jsonb, '{data,total,amount}', '12') where event_id = $1",
    values: [first.id],
  });
  const again = await fetch(`${base()}/${first.id}/replay`, { method: 'POST', ...admin() });
  expect(await again.json()).toEqual({ eventId: first.id, outcome: 'handled' });
  expect((await fetch(`${base()}/${second.id}`, { method: 'DELETE', ...admin() })).status).toBe(204);
  expect(await items()).toEqual([]);
  expect((await problemOf(`${base()}/${second.id}`, { method: 'DELETE', ...admin() })).status).toBe(404);
});

test('nobody else may', async () => {
  expect((await problemOf(base())).status).toBe(401);
  for (const role of ['customer', 'seller'] as const) {
    const { status, problem } = await problemOf(base(), { headers: service.issuer.headers({ role }) });
    expect({ status, code: problem.code }).toEqual({ status: 403, code: 'forbidden' });
  }
});
