import { randomUUID } from 'node:crypto';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Actor, order, type Shop } from './shop.ts';
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

async function buy(lines: { sku: string; quantity: number }[]): Promise<string> {
  const { body } = await ada.call('POST', '/api/v1/orders', order(lines), key());
  await shop.publishEvent('stock.reserved.v1', body.id, { orderId: body.id, expiresAt, lines });
  await until(async () => (await ada.call('GET', `/api/v1/orders/${body.id}`)).body.status === 'confirmed');
  return body.id;
}

const send = (seller: Actor, id: string, lines: unknown) =>
  seller.call('POST', `/api/v1/orders/${id}/fulfilments`, { lines }, key());
const refund = (seller: Actor, id: string, lines: unknown) =>
  seller.call('POST', `/api/v1/orders/${id}/refunds`, { lines, reason: 'Broken' }, key());

/** Which of the two lists an order is in for somebody: what is to be sent, and what was sent. */
async function listsOf(actor: Actor, id: string): Promise<string[]> {
  const lists: string[] = [];
  for (const [name, unsent] of [
    ['to send', true],
    ['sent', false],
  ]) {
    const { status, body } = await actor.call('GET', `/api/v1/orders?unsent=${unsent}&limit=100`);
    expect(status).toBe(200);
    if (body.items.some((one: { id: string }) => one.id === id)) lists.push(String(name));
  }
  return lists;
}

it('states of each line how many units were sent, refunded, and refunded before they were sent', async () => {
  const id = await buy([{ sku: 'MUG', quantity: 3 }]);
  await send(mugSeller, id, [{ sku: 'MUG', quantity: 1 }]);
  await refund(mugSeller, id, [{ sku: 'MUG', quantity: 1 }]);
  const { body } = await mugSeller.call('GET', `/api/v1/orders/${id}`);
  expect(body.lines).toMatchObject([{ quantity: 3, fulfilled: 1, refunded: 1, withdrawn: 1 }]);
});

it('lists an order as one to send, or as sent, by the units of the lines of the seller who asks', async () => {
  const id = await buy([
    { sku: 'MUG', quantity: 3 },
    { sku: 'TEA', quantity: 2 },
  ]);
  const lists = async () => [await listsOf(mugSeller, id), await listsOf(teaSeller, id), await listsOf(admin, id)];
  expect(await lists()).toEqual([['to send'], ['to send'], ['to send']]);
  await send(mugSeller, id, [{ sku: 'MUG', quantity: 2 }]);
  expect(await lists()).toEqual([['to send'], ['to send'], ['to send']]);
  await refund(mugSeller, id, [{ sku: 'MUG', quantity: 1 }]);
  expect(await lists()).toEqual([['sent'], ['to send'], ['to send']]);
  await send(teaSeller, id, [{ sku: 'TEA', quantity: 2 }]);
  expect(await lists()).toEqual([['sent'], ['sent'], ['sent']]);
});

it('lists neither as to send nor as sent an order that is not paid yet, or whose lines were all refunded', async () => {
  const pending = (await ada.call('POST', '/api/v1/orders', order([{ sku: 'MUG', quantity: 1 }]), key())).body.id;
  expect(await listsOf(mugSeller, pending)).toEqual([]);
  const mixed = await buy([
    { sku: 'MUG', quantity: 1 },
    { sku: 'TEA', quantity: 1 },
  ]);
  await refund(mugSeller, mixed, [{ sku: 'MUG', quantity: 1 }]);
  expect([await listsOf(mugSeller, mixed), await listsOf(teaSeller, mixed)]).toEqual([[], ['to send']]);
});
