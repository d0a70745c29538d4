import { randomUUID } from 'node:crypto';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveProducts } from '../src/store/sellable-variants.ts';
import { type Actor, order, product, type Shop } from './shop.ts';
import { openShopOfTwoSellers } from './two-sellers.ts';

let shop: Shop;
let ada: Actor;
let mugSeller: Actor;
let teaSeller: Actor;
let admin: Actor;

beforeAll(async () => {
  ({ shop, ada, mugSeller, teaSeller, admin } = await openShopOfTwoSellers());
});
afterAll(() => shop.stop());

const expiresAt = new Date(Date.now() + 900_000).toISOString();
const key = () => ({ 'idempotency-key': randomUUID() });
const path = (id: string) => `/api/v1/orders/${id}`;
const mugs = (quantity: number) => [{ sku: 'MUG', quantity }];
const bought = [...mugs(3), { sku: 'TEA', quantity: 1 }];
const read = async (id: string, actor = ada) => (await actor.call('GET', path(id))).body;

/** An order of 3 MUG (of one seller) and 1 TEA (of another), of which 2 MUG and the TEA were sent. */
async function sent(): Promise<string> {
  const { body } = await ada.call('POST', '/api/v1/orders', order(bought), key());
  await shop.publishEvent('stock.reserved.v1', body.id, { orderId: body.id, expiresAt, lines: bought });
  await until(async () => (await read(body.id)).status === 'confirmed');
  expect((await mugSeller.call('POST', `${path(body.id)}/fulfilments`, { lines: mugs(2) }, key())).status).toBe(201);
  expect((await teaSeller.call('POST', `${path(body.id)}/fulfilments`, {}, key())).status).toBe(201);
  return body.id;
}

const takeBack = (actor: Actor, id: string, body: Record<string, unknown>, headers = key()) =>
  actor.call('POST', `${path(id)}/returns`, { reason: 'Too small', ...body }, headers);

const returnedEvents = (id: string) =>
  shop.published.filter(({ type, subject }) => type === 'order.returned.v1' && subject === id);

describe('goods that come back', () => {
  it('are told live after all was refunded, until nothing is left that can come back', async () => {
    const id = await sent();
    expect((await admin.call('POST', `${path(id)}/refunds`, { reason: 'Goodwill' }, key())).status).toBe(201);
    expect(await read(id)).toMatchObject({ status: 'refunded' });
    const received: string[] = [];
    const streams = [ada, mugSeller].map(async (actor) => {
      const text = await actor.stream(`${path(id)}/events`);
      for await (const part of text.body?.pipeThrough(new TextDecoderStream()) ?? []) received.push(part);
    });
    await until(() => received.filter((part) => part.includes('event: refund_booked')).length === 2);
    expect((await takeBack(mugSeller, id, { lines: mugs(2) })).status).toBe(201);
    expect((await takeBack(teaSeller, id, {})).status).toBe(201);
    await Promise.all(streams);
    expect(received.join('').match(/^event: goods_returned$/gm)).toHaveLength(3);
    const { version } = await read(id);
    expect((await ada.stream(`${path(id)}/events`, { 'last-event-id': String(version) })).status).toBe(204);
  });

  it('are counted, shown to everybody who may see the order, and published with the refund', async () => {
    const id = await sent();
    const made = await takeBack(mugSeller, id, { lines: mugs(1), refund: true });
    expect(made).toMatchObject({ status: 201, body: { lines: mugs(1), restock: true, reason: 'Too small' } });
    const { refundId } = made.body;
    const after = await read(id);
    expect(after).toMatchObject({ status: 'confirmed', refunded: { amount: 1250 } });
    // The unit that was not sent yet is still to be sent.
    expect(after.lines[0]).toMatchObject({ fulfilled: 2, returned: 1, refunded: 1, withdrawn: 0 });
    expect((await ada.call('GET', `${path(id)}/returns`)).body.items).toEqual([made.body]);
    expect((await ada.call('GET', `${path(id)}/refunds`)).body.items).toMatchObject([
      { id: refundId, amount: { amount: 1250 }, reason: 'Too small', lines: mugs(1) },
    ]);
    const [event] = await until(() => returnedEvents(id).length > 0 && returnedEvents(id));
    expect(event?.data).toMatchObject({
      ...{ orderId: id, returnId: made.body.id, lines: mugs(1), restock: true },
      refund: { refundId, amount: { amount: 1250, currency: 'EUR' } },
    });
    const sameKey = { 'idempotency-key': `return ${made.body.id}` };
    const goodwill = { amount: 1, reason: 'Goodwill' };
    expect((await admin.call('POST', `${path(id.toUpperCase())}/refunds`, goodwill, sameKey)).status).toBe(201);
    const { items } = (await ada.call('GET', `${path(id)}/events`)).body;
    expect(items.slice(-3, -1)).toMatchObject([
      { type: 'goods_returned', data: { lines: mugs(1), returnReason: 'Too small' } },
      { type: 'refund_booked', data: { refundId } },
    ]);
  });

  it('come back without a refund where they cost nothing', async () => {
    await saveProducts(shop.pool, [product([{ sku: 'GIFT', amount: 0 }])]);
    const lines = [...mugs(1), { sku: 'GIFT', quantity: 1 }];
    const { id } = (await ada.call('POST', '/api/v1/orders', order(lines), key())).body;
    await shop.publishEvent('stock.reserved.v1', id, { orderId: id, expiresAt, lines });
    await until(async () => (await read(id)).status === 'confirmed');
    expect((await admin.call('POST', `${path(id)}/fulfilments`, {}, key())).status).toBe(201);
    const gift = await takeBack(admin, id, { lines: [{ sku: 'GIFT', quantity: 1 }], refund: true });
    expect([gift.status, gift.body.refundId]).toEqual([201, undefined]);
    expect((await takeBack(admin, id, { refund: true })).body.refundId).toBeDefined();
  });

  it('are recorded without a refund, and off sale, where the request says so', async () => {
    const id = await sent();
    const { body } = await takeBack(mugSeller, id, { restock: false });
    expect(body).toMatchObject({ lines: mugs(2), restock: false });
    expect(body).not.toHaveProperty('refundId');
    expect(await read(id)).toMatchObject({ refunded: { amount: 0 }, lines: [{ returned: 2 }, { returned: 0 }] });
    const [event] = await until(() => returnedEvents(id).length > 0 && returnedEvents(id));
    expect(event?.data).toMatchObject({ restock: false });
    expect(event?.data).not.toHaveProperty('refund');
  });

  it('are never more than were sent, however many record them at once', async () => {
    const id = await sent();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => takeBack(mugSeller, id, { lines: mugs(1), refund: true })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(answers.filter(({ body }) => body.code === 'order_not_returnable')).toHaveLength(4);
    expect(await read(id)).toMatchObject({ refunded: { amount: 2500 }, lines: [{ returned: 2, refunded: 2 }, {}] });
  });

  it('come back once for each key, also when the same key has made a refund', async () => {
    const id = await sent();
    const once = key();
    const refund = { lines: mugs(1), reason: 'Dented' };
    expect((await mugSeller.call('POST', `${path(id)}/refunds`, refund, once)).status).toBe(201);
    const first = await takeBack(mugSeller, id, { lines: mugs(1), refund: true }, once);
    expect(first.status).toBe(201);
    expect((await takeBack(mugSeller, id, { lines: mugs(1), refund: true }, once)).body).toEqual(first.body);
    expect((await takeBack(mugSeller, id, { lines: mugs(2) }, once)).body.code).toBe('idempotency_key_reused');
    expect((await read(id)).lines[0]).toMatchObject({ returned: 1, refunded: 2 });
  });

  it('are refunded once: what was refunded before comes back without money', async () => {
    const id = await sent();
    await admin.call('POST', `${path(id)}/refunds`, { reason: 'All of it' }, key());
    expect(await read(id)).toMatchObject({ status: 'refunded' });
    const again = await takeBack(mugSeller, id, { lines: mugs(1), refund: true });
    expect(again).toMatchObject({ status: 409, body: { code: 'order_not_refundable' } });
    expect((await takeBack(mugSeller, id, { lines: mugs(1) })).status).toBe(201);
    expect(await read(id)).toMatchObject({ status: 'refunded', lines: [{ returned: 1 }, {}] });
  });

  it('are those of the seller who records them, and each sees their own', async () => {
    const id = await sent();
    const others = await takeBack(mugSeller, id, { lines: [{ sku: 'TEA', quantity: 1 }] });
    expect(others).toMatchObject({ status: 409, body: { errors: [{ field: '/lines/0/sku' }] } });
    expect((await takeBack(ada, id, { lines: mugs(1) })).status).toBe(403);
    expect((await takeBack(admin, id, { reason: 'Parcel refused' })).body.lines).toEqual([
      ...mugs(2),
      { sku: 'TEA', quantity: 1 },
    ]);
    const { items } = (await teaSeller.call('GET', `${path(id)}/returns`)).body;
    expect(items).toMatchObject([{ lines: [{ sku: 'TEA', quantity: 1 }] }]);
    const { items: entries } = (await teaSeller.call('GET', `${path(id)}/events`)).body;
    expect(entries.at(-1)).toMatchObject({ type: 'goods_returned', data: { lines: [{ sku: 'TEA' }], restock: true } });
    expect(JSON.stringify([items, entries])).not.toContain('MUG');
  });
});
