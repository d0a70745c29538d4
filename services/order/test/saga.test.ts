// Long: all cases share one shop
import { randomUUID } from 'node:crypto';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, openShop, order, type Shop, sellerId } from './shop.ts';

let shop: Shop;
let ada: Actor;

beforeAll(async () => {
  shop = await openShop();
  ada = await shop.someone();
});
afterAll(() => shop.stop());

const lines = [{ sku: 'MUG', quantity: 2 }];
const expiresAt = new Date(Date.now() + 900_000).toISOString();

async function place(token = 'ok', of = lines): Promise<string> {
  const body = order(of, { payment: { provider: 'sandbox', token } });
  const answer = await ada.call('POST', '/api/v1/orders', body, { 'idempotency-key': randomUUID() });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

const reserve = (orderId: string) => shop.publishEvent('stock.reserved.v1', orderId, { orderId, expiresAt, lines });
const read = async (id: string) => (await ada.call('GET', `/api/v1/orders/${id}`)).body;
const becomes = (id: string, status: string) =>
  until(async () => (await read(id)).status === status, { what: `${id} to become ${status}` });
const announced = (id: string) =>
  shop.published.filter((event) => event.subject === id && event.type !== 'order.placed.v1').map((event) => event.type);

async function charge(id: string) {
  const { rows } = await shop.pool.query<{ status: string; amount: number; calls: number }>({
    text: 'select status, amount, calls from sandbox_charge where key = $1',
    values: [id],
  });
  return rows[0];
}

async function confirmed(): Promise<string> {
  const id = await place();
  await reserve(id);
  await becomes(id, 'confirmed');
  return id;
}

describe('the way to a confirmed order', () => {
  it('goes from reserved stock through one charge', async () => {
    const id = await confirmed();
    expect(await charge(id)).toMatchObject({ status: 'captured', amount: 2500, calls: 1 });
    await until(() => announced(id).includes('order.confirmed.v1'));
    const { body } = await ada.call('GET', `/api/v1/orders/${id}/events`);
    expect(body.items.map((item: { type: string }) => item.type)).toEqual([
      'placed',
      'stock_reserved',
      'payment_captured',
    ]);
  });

  it('does nothing twice when messages come twice', async () => {
    const id = await place();
    const event = await reserve(id);
    await shop.publish(event);
    await reserve(id);
    await becomes(id, 'confirmed');
    await reserve(id);
    await shop.publish(event);
    expect(await charge(id)).toMatchObject({ calls: 1 });
    await until(() => announced(id).length > 0);
    expect(announced(id)).toEqual(['order.confirmed.v1']);
    expect((await read(id)).version).toBe(3);
  });

  it('ends without stock, and without payment', async () => {
    const sold = await place();
    await shop.publishEvent('stock.rejected.v1', sold, {
      orderId: sold,
      lines: [{ sku: 'MUG', reason: 'insufficient_stock', requested: 2, available: 1 }],
    });
    expect(await read(sold)).toMatchObject({ status: 'rejected', reason: 'MUG: insufficient_stock' });
    const declined = await place('declined');
    await reserve(declined);
    await becomes(declined, 'awaiting_payment');
    expect(await read(declined)).toMatchObject({ payment: { status: 'declined', problem: 'payment_declined' } });
    await ada.call('POST', `/api/v1/orders/${declined}/cancel`);
    expect(await read(declined)).toMatchObject({ status: 'cancelled', payment: { status: 'not_taken' } });
    await until(() => announced(declined).includes('order.cancelled.v1'));
  });

  it('charges once although the provider is late, or fails at random', async () => {
    const ids = await Promise.all(['timeout', 'flaky', 'flaky', 'flaky'].map((token) => place(token)));
    for (const id of ids) await reserve(id);
    for (const id of ids) await becomes(id, 'confirmed');
    for (const id of ids) expect(await charge(id)).toMatchObject({ status: 'captured', amount: 2500 });
  });

  it('holds the answer until the order is settled, when asked to', async () => {
    const body = order(lines);
    const headers = { 'idempotency-key': randomUUID(), prefer: 'wait=20' };
    const asking = ada.call('POST', '/api/v1/orders', body, headers);
    const placed = await until(() =>
      shop.published.findLast((event) => event.type === 'order.placed.v1' && announced(event.subject).length === 0),
    );
    await reserve(placed.subject);
    expect(await asking).toMatchObject({ status: 201, body: { id: placed.subject, status: 'confirmed' } });
  });
});

describe('cancelling', () => {
  it('lets a pending order go, and again changes nothing', async () => {
    const id = await place();
    expect(await ada.call('POST', `/api/v1/orders/${id}/cancel`)).toMatchObject({
      status: 200,
      body: { status: 'cancelled', reason: 'cancelled_by_customer' },
    });
    expect((await ada.call('POST', `/api/v1/orders/${id}/cancel`)).status).toBe(200);
    await reserve(id);
    expect((await read(id)).status).toBe('cancelled');
    expect(await charge(id)).toBeUndefined();
    await until(() => announced(id).length > 0);
    expect(announced(id)).toEqual(['order.cancelled.v1']);
  });

  it('gives the money of a paid order back', async () => {
    const id = await confirmed();
    const answer = await ada.call('POST', `/api/v1/orders/${id}/cancel`);
    expect(answer.body).toMatchObject({
      status: 'cancelled',
      refunded: { amount: 2500 },
      payment: { status: 'refunded' },
    });
    await until(async () => {
      const { rows } = await shop.pool.query<{ amount: number }>({
        text: 'select amount from sandbox_refund where charge_key = $1',
        values: [id],
      });
      return rows.length === 1 && rows[0]?.amount === 2500;
    });
  });

  it('waits for the provider when the order is just being paid', async () => {
    const id = await place('timeout');
    await reserve(id);
    await until(async () => (await charge(id))?.calls === 1);
    const answer = await ada.call('POST', `/api/v1/orders/${id}/cancel`);
    expect(answer.body).toMatchObject({ status: 'reserved', cancelRequested: true });
    await becomes(id, 'cancelled');
    expect(await read(id)).toMatchObject({ refunded: { amount: 2500 } });
    expect(announced(id)).not.toContain('order.confirmed.v1');
  });
});

describe('product asking about an expired reservation', () => {
  const ask = (orderId: string) =>
    shop.publishEvent('stock.reservation-expired.v1', orderId, { orderId, expiredAt: new Date().toISOString() });

  it('is answered again with the outcome of the order', async () => {
    const id = await confirmed();
    await ask(id);
    await until(() => announced(id).length === 2);
    expect(announced(id)).toEqual(['order.confirmed.v1', 'order.confirmed.v1']);
  });

  it('is answered with a release for an order that does not exist', async () => {
    const nobody = uuidv7();
    await ask(nobody);
    await until(() => announced(nobody).length === 1);
    expect(announced(nobody)).toEqual(['order.cancelled.v1']);
  });

  it('is answered with the reservation for a pending order', async () => {
    const id = await place();
    await ask(id);
    await becomes(id, 'confirmed');
  });
});

describe('sending and refunding', () => {
  const key = () => ({ 'idempotency-key': randomUUID() });
  // The seller of the mugs, by the id that the catalogue names.
  const seller = () => shop.as(sellerId, 'seller');

  it('sends in parts, each once, until all is sent', async () => {
    const id = await confirmed();
    const path = `/api/v1/orders/${id}/fulfilments`;
    const alice = await seller();
    const once = key();
    const first = await alice.call('POST', path, { lines: [{ sku: 'MUG', quantity: 1 }], carrier: 'Post' }, once);
    expect(first).toMatchObject({ status: 201, body: { carrier: 'Post', lines: [{ sku: 'MUG', quantity: 1 }] } });
    const again = await alice.call('POST', path, { lines: [{ sku: 'MUG', quantity: 1 }], carrier: 'Post' }, once);
    expect(again.body.id).toBe(first.body.id);
    expect((await ada.call('POST', `/api/v1/orders/${id}/cancel`)).body.code).toBe('order_not_cancellable');
    const tooMany = await alice.call('POST', path, { lines: [{ sku: 'MUG', quantity: 2 }] }, key());
    expect(tooMany).toMatchObject({ status: 409, body: { errors: [{ field: '/lines/0/quantity' }] } });
    expect((await alice.call('POST', path, {}, key())).status).toBe(201);
    expect(await read(id)).toMatchObject({ status: 'fulfilled', lines: [{ fulfilled: 2 }] });
    expect((await alice.call('POST', `/api/v1/orders/${id}/deliver`)).body.status).toBe('delivered');
    expect((await ada.call('POST', path, {}, key())).status).toBe(403);
    expect((await (await shop.someone('seller')).call('POST', path, {}, key())).status).toBe(404);
  });

  it('gives back no more than was taken, however many ask at once', async () => {
    const id = await confirmed();
    const admin = await shop.someone('admin');
    const path = `/api/v1/orders/${id}/refunds`;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => admin.call('POST', path, { amount: 1000, reason: 'late' }, key())),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(2);
    expect(answers.filter((answer) => answer.body.code === 'refund_too_large')).toHaveLength(6);
    expect((await admin.call('POST', path, { reason: 'rest' }, key())).body.amount).toEqual({
      amount: 500,
      currency: 'EUR',
    });
    expect(await read(id)).toMatchObject({ status: 'refunded', refunded: { amount: 2500 } });
    await until(async () => {
      const { body } = await admin.call('GET', path);
      return body.items.length === 3 && body.items.every((item: { status: string }) => item.status === 'done');
    });
    expect((await admin.call('POST', path, { amount: 1, reason: 'more' }, key())).body.code).toBe(
      'order_not_refundable',
    );
  });

  it('shows a seller the refunds of their own lines only', async () => {
    const both = [...lines, { sku: 'TEA', quantity: 1 }];
    const id = await place('ok', both);
    await shop.publishEvent('stock.reserved.v1', id, { orderId: id, expiresAt, lines: both });
    await becomes(id, 'confirmed');
    const admin = await shop.someone('admin');
    const path = `/api/v1/orders/${id}/refunds`;
    await admin.call('POST', path, { lines: [{ sku: 'TEA', quantity: 1 }], reason: 'stale' }, key());
    await admin.call('POST', path, { lines: [{ sku: 'MUG', quantity: 1 }], reason: 'scratched' }, key());
    await admin.call('POST', path, { amount: 1, reason: 'late' }, key());
    const reasons = async (actor: Actor) =>
      (await actor.call('GET', path)).body.items.map((item: { reason: string }) => item.reason);
    expect(await reasons(await seller())).toEqual(['scratched']);
    expect(await reasons(ada)).toEqual(['stale', 'scratched', 'late']);
  });

  it('shows the seller of a whole order what was given back of it without a line', async () => {
    const id = await confirmed();
    const alice = await seller();
    const path = `/api/v1/orders/${id}/refunds`;
    expect((await alice.call('POST', path, { amount: 2, reason: 'dented' }, key())).status).toBe(201);
    expect((await alice.call('GET', path)).body.items).toMatchObject([{ amount: { amount: 2 }, reason: 'dented' }]);
  });

  it('puts units that were refunded before they were sent on sale again', async () => {
    const id = await confirmed();
    const alice = await seller();
    const answer = await alice.call(
      'POST',
      `/api/v1/orders/${id}/refunds`,
      { lines: [{ sku: 'MUG', quantity: 1 }], reason: 'scratched' },
      key(),
    );
    expect(answer).toMatchObject({ status: 201, body: { amount: { amount: 1250 } } });
    const event = await until(() =>
      shop.published.find((candidate) => candidate.type === 'order.refunded.v1' && candidate.subject === id),
    );
    expect(event.data).toMatchObject({ restock: [{ sku: 'MUG', quantity: 1 }], complete: false });
    expect((await alice.call('POST', `/api/v1/orders/${id}/fulfilments`, {}, key())).body.lines).toEqual([
      { sku: 'MUG', quantity: 1 },
    ]);
    expect((await read(id)).status).toBe('fulfilled');
  });
});

describe('the live timeline', () => {
  it('sends past and new entries, and continues after the last event seen', async () => {
    const id = await place();
    const types: string[] = [];
    const response = await ada.stream(`/api/v1/orders/${id}/events`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const collect = (async () => {
      for (;;) {
        const { value, done } = (await reader?.read()) ?? { done: true, value: '' };
        if (done) return;
        for (const [, type] of (value ?? '').matchAll(/^event: (.*)$/gm)) if (type) types.push(type);
      }
    })();
    await until(() => types.includes('placed'));
    await reserve(id);
    await until(() => types.includes('payment_captured'));
    expect(types).toEqual(['placed', 'stock_reserved', 'payment_captured']);
    await reader?.cancel();
    await collect;
    const later = await ada.stream(`/api/v1/orders/${id}/events`, { 'last-event-id': '2' });
    const first = await later.body?.pipeThrough(new TextDecoderStream()).getReader().read();
    expect(later.headers.get('content-type')).toContain('text/event-stream');
    expect(first?.value).not.toContain('event: placed');
  });
});

it('counts what is still to be decided', async () => {
  const id = await place();
  const response = await fetch(`${shop.managementUrl}/metrics`);
  const metrics = await response.text();
  expect(metrics).toMatch(/^tradepost_orders_unsettled\{status="pending"\} [1-9]/m);
  expect(metrics).toMatch(/^tradepost_orders_oldest_unsettled_seconds\{status="pending"\} \d/m);
  await ada.call('POST', `/api/v1/orders/${id}/cancel`);
});
