import { randomUUID } from 'node:crypto';
import type { EventRole } from '@tradepost/contracts/roles';
import { newEvent } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Actor, openShop, order, product, type Shop } from './shop.ts';

let shop: Shop;
let ada: Actor;

beforeAll(async () => {
  shop = await openShop();
  ada = await shop.someone();
});
afterAll(() => shop.stop());

const expiresAt = new Date(Date.now() + 900_000).toISOString();
const key = () => ({ 'idempotency-key': randomUUID() });
const place = (sku: string) => ada.call('POST', '/api/v1/orders', order([{ sku, quantity: 1 }]), key());

type Status = { version: number; role?: EventRole; banned?: boolean; bannedUntil?: string };

const tellStatus = (accountId: string, { version, role = 'seller', banned = false, bannedUntil }: Status) =>
  shop.publish(
    newEvent({
      ...{ source: 'auth', type: 'account.status-changed.v1', subject: accountId },
      data: { accountId, role, banned, version, ...(bannedUntil && { bannedUntil }) },
    }),
  );

let made = 0;
async function offer(): Promise<{ seller: string; sku: string }> {
  const [seller, sku] = [uuidv7(), `GOODS-${++made}`];
  const goods = product([{ sku, amount: 500 }], { sellerId: seller });
  await shop.publishEvent('product.changed.v1', goods.productId, goods);
  return { seller, sku };
}

const refused = { status: 422, body: { code: 'not_for_sale', errors: [{ field: '/lines/0/sku' }] } };

it('refuses the goods of a banned seller from the event of the ban until the event of its end', async () => {
  const { seller, sku } = await offer();
  await tellStatus(seller, { version: 1, banned: true });
  const answer = await place(sku);
  expect(answer).toMatchObject(refused);
  expect(answer.body.detail).toContain('its seller does not sell now');
  await tellStatus(seller, { version: 2 });
  expect((await place(sku)).status).toBe(201);
  await tellStatus(seller, { version: 3, role: 'customer' });
  expect(await place(sku)).toMatchObject(refused);
});

it('applies the latest version, with events in any order, and the end of the ban', async () => {
  const { seller, sku } = await offer();
  await tellStatus(seller, { version: 5 });
  await tellStatus(seller, { version: 4, banned: true });
  expect((await place(sku)).status).toBe(201);
  const soon = new Date(Date.now() + 1_500).toISOString();
  await tellStatus(seller, { version: 6, banned: true, bannedUntil: soon });
  await until(async () => (await place(sku)).status === 201);
});

it('says in a cart why its lines cannot be ordered', async () => {
  const { seller, sku } = await offer();
  const cart = await ada.call('POST', '/api/v1/carts');
  const path = `/api/v1/carts/${cart.body.id}`;
  await ada.call('PUT', `${path}/lines/${sku}`, { quantity: 1 });
  await tellStatus(seller, { version: 1, banned: true });
  expect((await ada.call('GET', path)).body).toMatchObject({
    total: null,
    lines: [{ sku, forSale: false, offSaleReason: 'seller_suspended' }],
  });
  const { lines: _, ...request } = order([]);
  expect((await ada.call('POST', `${path}/checkout`, request)).body.code).toBe('not_for_sale');
  await tellStatus(seller, { version: 2 });
  expect((await ada.call('GET', path)).body.lines[0]).not.toHaveProperty('offSaleReason');
});

it('honours an order that was accepted before the ban: an operator sends and refunds it', async () => {
  const { seller, sku } = await offer();
  const { id } = (await place(sku)).body;
  await tellStatus(seller, { version: 1, banned: true });
  await shop.publishEvent('stock.reserved.v1', id, { orderId: id, expiresAt, lines: [{ sku, quantity: 1 }] });
  const path = `/api/v1/orders/${id}`;
  await until(async () => (await ada.call('GET', path)).body.status === 'confirmed');
  const admin = await shop.someone('admin');
  expect((await admin.call('POST', `${path}/fulfilments`, {}, key())).status).toBe(201);
  expect((await admin.call('POST', `${path}/deliver`)).body.status).toBe('delivered');
  expect((await admin.call('POST', `${path}/refunds`, { reason: 'banned' }, key())).status).toBe(201);
});
