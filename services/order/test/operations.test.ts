import { randomUUID } from 'node:crypto';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, openShop, order, type Shop } from './shop.ts';

let shop: Shop;
let ada: Actor;
let admin: Actor;

beforeAll(async () => {
  shop = await openShop();
  ada = await shop.someone();
  admin = await shop.someone('admin');
});
afterAll(() => shop.stop());

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const lines = [{ sku: 'MUG', quantity: 2 }];
const expiresAt = new Date(Date.now() + 900_000).toISOString();

async function place(over = {}): Promise<string> {
  const { status, body } = await ada.call('POST', '/api/v1/orders', order(lines, over), {
    'idempotency-key': randomUUID(),
    traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
  });
  expect(status).toBe(201);
  return body.id;
}

const flow = async (id: string) => (await admin.call('GET', `/api/v1/admin/order/flows/${id}`)).body;

async function confirmed() {
  const id = await place();
  const reserved = await shop.publishEvent('stock.reserved.v1', id, { orderId: id, expiresAt, lines });
  await until(async () => (await flow(id)).order.status === 'confirmed', { what: `${id} to be confirmed` });
  return { id, reserved };
}

describe('the flow of an order', () => {
  it('names the messages that led to each entry and those that left with it', async () => {
    const { id, reserved } = await confirmed();
    await until(() => shop.published.filter(({ subject }) => subject === id).length === 2);
    const [placed, paid] = shop.published.filter(({ subject }) => subject === id);
    const { entries, payment, order: read, waiting, fulfilments, refunds } = await flow(id);
    expect(entries).toMatchObject([
      { version: 1, type: 'placed', told: [{ id: placed?.id, type: 'order.placed.v1' }] },
      { version: 2, type: 'stock_reserved', heard: { id: reserved.id, type: 'stock.reserved.v1' }, told: [] },
      { version: 3, type: 'payment_captured', told: [{ id: paid?.id, type: 'order.confirmed.v1' }] },
    ]);
    expect(entries[0].heard).toBeUndefined();
    expect(payment).toEqual({ provider: 'sandbox', attempts: 1, captured: { amount: 2500, currency: 'EUR' } });
    expect(read).toMatchObject({ id, status: 'confirmed' });
    expect({ waiting, fulfilments, refunds }).toEqual({
      waiting: { dueAt: null, nudges: 0 },
      fulfilments: [],
      refunds: [],
    });
  });

  it('stays in the trace of the request that placed it, also where a timer goes on', async () => {
    const { id } = await confirmed();
    const { entries } = await flow(id);
    expect([entries[0].traceId, entries[2].traceId]).toEqual([traceId, traceId]);
    const told = await until(() => {
      const found = shop.published.filter(({ subject }) => subject === id);
      return found.length === 2 && found;
    });
    for (const event of told) expect(event.traceparent).toContain(traceId);
  });

  it('goes on in the trace of the message that is handled', async () => {
    const id = await place();
    const event = {
      specversion: '1.0' as const,
      id: uuidv7(),
      source: '/product',
      type: 'stock.rejected.v1' as const,
      subject: id,
      time: new Date().toISOString(),
      datacontenttype: 'application/json' as const,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      data: { orderId: id, lines: [{ sku: 'MUG', reason: 'insufficient_stock' as const, requested: 2, available: 0 }] },
    };
    await shop.publish(event);
    const { entries } = await flow(id);
    expect(entries[1]).toMatchObject({ heard: { id: event.id }, traceId: '0af7651916cd43dd8448eb211c80319c' });
  });

  it('has what was sent and what was given back', async () => {
    const { id } = await confirmed();
    const key = () => ({ 'idempotency-key': randomUUID() });
    const sent = { carrier: 'Post', trackingNumber: 'X1' };
    expect((await admin.call('POST', `/api/v1/orders/${id}/fulfilments`, sent, key())).status).toBe(201);
    const back = { amount: 100, reason: 'scratched' };
    expect((await admin.call('POST', `/api/v1/orders/${id}/refunds`, back, key())).status).toBe(201);
    const { entries, fulfilments, refunds } = await flow(id);
    expect(fulfilments).toMatchObject([sent]);
    expect(refunds).toMatchObject([{ amount: { amount: 100, currency: 'EUR' }, reason: 'scratched' }]);
    expect(entries.map((entry: { told: { type: string }[] }) => entry.told.map(({ type }) => type)).slice(3)).toEqual([
      ['order.fulfilled.v1'],
      ['order.refunded.v1'],
    ]);
  });

  it('is for admins alone', async () => {
    const id = await place();
    for (const actor of [ada, await shop.someone('seller')]) {
      expect((await actor.call('GET', `/api/v1/admin/order/flows/${id}`)).status).toBe(403);
      expect((await actor.call('GET', '/api/v1/admin/order/statistics')).status).toBe(403);
    }
    expect((await admin.call('GET', `/api/v1/admin/order/flows/${uuidv7()}`)).status).toBe(404);
    const { body } = await ada.call('GET', `/api/v1/orders/${id}/events`);
    expect(Object.keys(body.items[0]).sort()).toEqual(['at', 'data', 'status', 'type', 'version']);
  });
});

describe('the statistics', () => {
  const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
  const read = async (query = '') => (await admin.call('GET', `/api/v1/admin/order/statistics${query}`)).body;

  it('count what was placed, by time and by status, and the money that was taken', async () => {
    const before = await read();
    await confirmed();
    const declined = await place({ payment: { provider: 'sandbox', token: 'declined' } });
    await shop.publishEvent('stock.reserved.v1', declined, { orderId: declined, expiresAt, lines });
    await until(async () => (await flow(declined)).order.status === 'awaiting_payment');
    await ada.call('POST', `/api/v1/orders/${declined}/cancel`);
    await place();
    const after = await read();
    const count = (statistics: typeof after, status: string) =>
      statistics.byStatus.find((one: { status: string }) => one.status === status).count;
    expect(after).toMatchObject({ stepSeconds: 10, placed: { length: 90 } });
    expect(sum(after.placed) - sum(before.placed)).toBe(3);
    expect(count(after, 'cancelled') - count(before, 'cancelled')).toBe(1);
    expect(count(after, 'confirmed') - count(before, 'confirmed')).toBe(1);
    const taken = (statistics: typeof after) => sum(statistics.taken[0].amounts);
    expect(after.taken).toMatchObject([{ currency: 'EUR' }]);
    expect(taken(after) - taken(before)).toBe(2500);
    expect(after.open.find((one: { status: string }) => one.status === 'pending').count).toBeGreaterThan(0);
  });

  it('leave out what is older than they go back', async () => {
    const id = await place();
    const long = sum((await read('?minutes=1440')).placed);
    await shop.pool.query({
      text: "update orders set created_at = created_at - interval '25 hours' where id = $1",
      values: [id],
    });
    expect(sum((await read('?minutes=1440')).placed)).toBe(long - 1);
    expect((await admin.call('GET', '/api/v1/admin/order/statistics?minutes=1441')).status).toBe(400);
  });
});
