import { randomUUID } from 'node:crypto';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, openShop, order, product, type Shop } from './shop.ts';

/**
 * An order with a line of Alice's and one of Bob's, and what happens to Bob's. Whatever Alice reads must be of her line: texts and
 * numbers of Bob's line are such as occur nowhere else.
 */
let shop: Shop;
let ada: Actor;
let admin: Actor;
let alice: Actor;
let bob: Actor;

const ALICES = { sku: 'LAMP-ALICE', amount: 1_000_003 };
const BOBS = { sku: 'VASE-BOB', amount: 7_000_011 };
const both = [ALICES, BOBS].map(({ sku }) => ({ sku, quantity: 2 }));
const wholeTotal = 2 * (ALICES.amount + BOBS.amount);
const expiresAt = new Date(Date.now() + 900_000).toISOString();
const key = () => ({ 'idempotency-key': randomUUID() });

beforeAll(async () => {
  shop = await openShop();
  [ada, admin, alice, bob] = await Promise.all([
    shop.someone(),
    shop.someone('admin'),
    shop.someone('seller'),
    shop.someone('seller'),
  ]);
  for (const [seller, { sku, amount }, title] of [
    [alice, ALICES, 'Lamp'],
    [bob, BOBS, 'Vase'],
  ] as const) {
    const made = product([{ sku, amount }], { sellerId: seller.id, title });
    await shop.publishEvent('product.changed.v1', made.productId, made);
  }
});
afterAll(() => shop.stop());

const read = async (actor: Actor, path: string) => (await actor.call('GET', path)).body;

async function place(token = 'ok'): Promise<string> {
  const payment = { provider: 'sandbox', token };
  const { status, body } = await ada.call('POST', '/api/v1/orders', order(both, { payment }), key());
  expect(status).toBe(201);
  return body.id;
}

async function confirmed(): Promise<string> {
  const id = await place();
  await shop.publishEvent('stock.reserved.v1', id, { orderId: id, expiresAt, lines: both });
  await until(async () => (await read(ada, `/api/v1/orders/${id}`)).status === 'confirmed');
  return id;
}

/** All events of the stream until the one with this type has come, `times` times. */
async function streamed(actor: Actor, id: string, type: string): Promise<{ type: string; data: unknown }[]> {
  const response = await actor.stream(`/api/v1/orders/${id}/events`);
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes(`event: ${type}\n`) && text.endsWith('\n\n')) break;
  }
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json ?? ''));
}

/** What a seller of one line must never read, of everything that happens in these tests. */
const forbidden = () => [
  ...[BOBS.sku, String(BOBS.amount), String(2 * BOBS.amount), String(wholeTotal), 'Vase', bob.id, ada.id],
  ...['DHL-of-Bob', 'TRACK-BOB-1', 'Bob scratched it', 'operator was kind', '4321'],
];

async function everythingReadBy(actor: Actor, id: string): Promise<string> {
  const path = `/api/v1/orders/${id}`;
  const answers = await Promise.all(
    ['', '/events', '/fulfilments', '/refunds'].map(async (end) => read(actor, path + end)),
  );
  const list = await read(actor, '/api/v1/orders');
  return JSON.stringify([answers, list.items.filter((item: { id: string }) => item.id === id)]);
}

describe('a seller of one line of an order', () => {
  it('reads the amounts of that line', async () => {
    const id = await confirmed();
    const seen = await read(alice, `/api/v1/orders/${id}`);
    expect(seen).toMatchObject({
      status: 'confirmed',
      total: { amount: 2 * ALICES.amount, currency: 'EUR' },
      refunded: { amount: 0, currency: 'EUR' },
      payment: { status: 'captured' },
      shippingAddress: { name: 'Ada' },
      lines: [{ sku: ALICES.sku }],
    });
    expect(Object.keys(seen)).not.toContain('customerId');
    expect(Object.keys(seen.payment)).toEqual(['status']);
  });

  it('reads nothing of what other sellers do, in any answer or stream', async () => {
    const id = await confirmed();
    const path = `/api/v1/orders/${id}`;
    const parcel = { lines: [{ sku: BOBS.sku, quantity: 1 }], carrier: 'DHL-of-Bob', trackingNumber: 'TRACK-BOB-1' };
    expect((await bob.call('POST', `${path}/fulfilments`, parcel, key())).status).toBe(201);
    const refund = { lines: [{ sku: BOBS.sku, quantity: 1 }], amount: 4321, reason: 'Bob scratched it' };
    expect((await bob.call('POST', `${path}/refunds`, refund, key())).status).toBe(201);
    const goodwill = { amount: 4321, reason: 'operator was kind' };
    expect((await admin.call('POST', `${path}/refunds`, goodwill, key())).status).toBe(201);
    const own = { lines: [{ sku: ALICES.sku, quantity: 1 }], amount: 77, reason: 'Alice dented it' };
    const made = await alice.call('POST', `${path}/refunds`, own, key());
    expect(made).toMatchObject({ status: 201, body: { amount: { amount: 77 }, reason: 'Alice dented it' } });
    const sent = await alice.call('POST', `${path}/fulfilments`, { trackingNumber: 'TRACK-ALICE' }, key());
    expect(sent.status).toBe(201);

    const events = await streamed(alice, id, 'refund_booked');
    const text = [await everythingReadBy(alice, id), JSON.stringify([made.body, sent.body, events])].join();
    for (const secret of forbidden()) expect(text).not.toContain(secret);
    expect(await read(alice, path)).toMatchObject({ refunded: { amount: 77 }, lines: [{ refunded: 1 }] });
    const { items } = await read(alice, `${path}/events`);
    expect(items.slice(-2)).toMatchObject([
      { type: 'refund_booked', data: { refund: { amount: 77 }, refundReason: 'Alice dented it' } },
      { type: 'lines_fulfilled', data: { lines: [{ sku: ALICES.sku, quantity: 1 }], trackingNumber: 'TRACK-ALICE' } },
    ]);
    const whole = await everythingReadBy(ada, id);
    for (const told of ['TRACK-BOB-1', 'TRACK-ALICE', 'Bob scratched it', 'operator was kind', String(wholeTotal)]) {
      expect(whole).toContain(told);
    }
  });

  it('sees that the order was sent when another sends the rest, and nothing more', async () => {
    const id = await confirmed();
    const path = `/api/v1/orders/${id}`;
    expect((await alice.call('POST', `${path}/fulfilments`, {}, key())).status).toBe(201);
    expect((await bob.call('POST', `${path}/fulfilments`, { trackingNumber: 'TRACK-BOB-1' }, key())).status).toBe(201);
    const { items } = await read(alice, `${path}/events`);
    expect(items.at(-1)).toMatchObject({ type: 'lines_fulfilled', status: 'fulfilled', data: {} });
    for (const secret of forbidden()) expect(await everythingReadBy(alice, id)).not.toContain(secret);
  });

  it('does not say that the parcels of others have arrived', async () => {
    const id = await confirmed();
    const path = `/api/v1/orders/${id}`;
    for (const seller of [alice, bob]) await seller.call('POST', `${path}/fulfilments`, {}, key());
    const refused = await alice.call('POST', `${path}/deliver`);
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await read(ada, path)).status).toBe('fulfilled');
    expect((await admin.call('POST', `${path}/deliver`)).body).toMatchObject({
      status: 'delivered',
      customerId: ada.id,
    });
  });

  it('sees their share of what a cancellation gives back', async () => {
    const id = await confirmed();
    const path = `/api/v1/orders/${id}`;
    expect((await ada.call('POST', `${path}/cancel`)).body.status).toBe('cancelled');
    const share = { amount: 2 * ALICES.amount, currency: 'EUR' };
    expect(await read(alice, path)).toMatchObject({
      ...{ status: 'cancelled', reason: 'cancelled_by_customer', refunded: share, payment: { status: 'refunded' } },
    });
    const { items } = await read(alice, `${path}/refunds`);
    expect(items).toMatchObject([{ amount: share }]);
    const timeline = await read(alice, `${path}/events`);
    expect(timeline.items.at(-1).data).toMatchObject({ reason: 'cancelled_by_customer', refund: share });
    for (const secret of forbidden()) expect(await everythingReadBy(alice, id)).not.toContain(secret);
  });

  it('reads why their own lines were rejected, not others’', async () => {
    const id = await place();
    const why = { reason: 'insufficient_stock', requested: 2, available: 0 } as const;
    await shop.publishEvent('stock.rejected.v1', id, { orderId: id, lines: both.map(({ sku }) => ({ sku, ...why })) });
    const path = `/api/v1/orders/${id}`;
    expect(await read(alice, path)).toMatchObject({ status: 'rejected', reason: `${ALICES.sku}: insufficient_stock` });
    for (const secret of forbidden()) expect(await everythingReadBy(alice, id)).not.toContain(secret);
  });

  it('gets nothing once they sell no more, and neither does a seller of other things', async () => {
    const id = await confirmed();
    const former = await shop.as(alice.id, 'customer');
    const stranger = await shop.as(uuidv7(), 'seller');
    for (const end of ['', '/events', '/fulfilments', '/refunds']) {
      for (const actor of [former, stranger]) {
        expect((await actor.call('GET', `/api/v1/orders/${id}${end}`)).status).toBe(404);
      }
    }
  });
});
