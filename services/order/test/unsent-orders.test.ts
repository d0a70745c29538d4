import { randomUUID } from 'node:crypto';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Actor, openShop, order, type Shop, sellerId } from './shop.ts';

let shop: Shop;
let ada: Actor;
let mugSeller: Actor;
let teaSeller: Actor;
let admin: Actor;

beforeAll(async () => {
  shop = await openShop();
  ada = await shop.someone();
  mugSeller = await shop.as(sellerId, 'seller');
  teaSeller = await shop.as(shop.catalogue.products[1]?.sellerId ?? '', 'seller');
  admin = await shop.someone('admin');
});
afterAll(() => shop.stop());

const expiresAt = new Date(Date.now() + 900_000).toISOString();
const key = () => ({ 'idempotency-key': randomUUID() });

async function buy(lines: { sku: string; quantity: number }[]): Promise<string> {
  const { body } = await ada.call('POST', '/api/v1/orders', order(lines), key());
  await shop.tell('stock.reserved.v1', body.id, { orderId: body.id, expiresAt, lines });
  await until(async () => (await ada.call('GET', `/api/v1/orders/${body.id}`)).body.status === 'confirmed');
  return body.id;
}

const send = (seller: Actor, id: string, lines: unknown) =>
  seller.call('POST', `/api/v1/orders/${id}/fulfilments`, { lines }, key());
const refund = (seller: Actor, id: string, lines: unknown) =>
  seller.call('POST', `/api/v1/orders/${id}/refunds`, { lines, reason: 'Broken' }, key());

/** Whether an order is in somebody's list of what is to be sent. */
async function isListed(actor: Actor, id: string): Promise<boolean> {
  const { status, body } = await actor.call('GET', '/api/v1/orders?unsent=true&limit=100');
  expect(status).toBe(200);
  return body.items.some((one: { id: string }) => one.id === id);
}

it('tells of each line how many units were sent, refunded, and refunded before they were sent', async () => {
  const id = await buy([{ sku: 'MUG', quantity: 3 }]);
  await send(mugSeller, id, [{ sku: 'MUG', quantity: 1 }]);
  await refund(mugSeller, id, [{ sku: 'MUG', quantity: 1 }]);
  const { body } = await mugSeller.call('GET', `/api/v1/orders/${id}`);
  expect(body.lines).toMatchObject([{ quantity: 3, fulfilled: 1, refunded: 1, withdrawn: 1 }]);
});

it('lists as unsent the orders of which the seller still has units to send, and no others', async () => {
  const id = await buy([
    { sku: 'MUG', quantity: 3 },
    { sku: 'TEA', quantity: 2 },
  ]);
  const pending = (await ada.call('POST', '/api/v1/orders', order([{ sku: 'MUG', quantity: 1 }]), key())).body.id;
  expect(await isListed(mugSeller, pending)).toBe(false);
  await send(mugSeller, id, [{ sku: 'MUG', quantity: 2 }]);
  expect([await isListed(mugSeller, id), await isListed(teaSeller, id), await isListed(admin, id)]).toEqual([
    true,
    true,
    true,
  ]);
  await refund(mugSeller, id, [{ sku: 'MUG', quantity: 1 }]);
  expect([await isListed(mugSeller, id), await isListed(teaSeller, id), await isListed(admin, id)]).toEqual([
    false,
    true,
    true,
  ]);
  await send(teaSeller, id, [{ sku: 'TEA', quantity: 2 }]);
  expect([await isListed(teaSeller, id), await isListed(admin, id)]).toEqual([false, false]);
});
