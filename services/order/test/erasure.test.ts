import { randomUUID } from 'node:crypto';
import type { EventData } from '@tradepost/contracts/events';
import { UNSETTLED_SALES_PATH } from '@tradepost/contracts/unsettled-sales';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { eventEncryption } from '@tradepost/runtime/event-encryption';
import { MAIL_KEY } from '@tradepost/testing/service';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ErasureContext, eraseDueData, expireOrders } from '../src/actions/erase-customers.ts';
import { orderContext } from './order-context.ts';
import { type Actor, openShop, order, type Shop, sellerId } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.stop());

const YEAR_MS = 366 * 86_400_000;
const later = (ms: number): ErasureContext => ({
  ...orderContext(shop.pool),
  retentionDays: 3_652,
  now: () => new Date(Date.now() + ms),
});
const mug = [{ sku: 'MUG', quantity: 1 }];
const address = { name: 'Ada', line1: 'Row 1', city: 'London', postalCode: 'N1', country: 'GB', phone: '0123' };

async function place(who: Actor, over: Record<string, unknown> = {}): Promise<string> {
  const body = order(mug, { shippingAddress: address, note: 'Ring twice', ...over });
  const { status, body: placed } = await who.call('POST', '/api/v1/orders', body, { 'idempotency-key': randomUUID() });
  expect(status).toBe(201);
  return placed.id;
}
const cancel = (who: Actor, id: string) => who.call('POST', `/api/v1/orders/${id}/cancel`);
const erase = (accountId: string, erasureId = uuidv7()) =>
  shop.publishEvent('account.erased.v1', accountId, { erasureId, accountId });

type Row = {
  personal_data: string;
  customer_id: string;
  guest_email: string | null;
  shipping_address: Record<string, string>;
  details: Record<string, unknown>;
  amount: number;
};
async function read(id: string): Promise<Row> {
  const { rows } = await shop.pool.query<Row>({
    text: 'select personal_data, customer_id, guest_email, shipping_address, details, amount from orders where id = $1',
    values: [id],
  });
  if (!rows[0]) throw new Error('There is no such order');
  return rows[0];
}
/** The service's own task skips, and is skipped, where both have the same order at the same moment. */
const untilReduced = (id: string, target: string, ctx: Parameters<typeof eraseDueData>[0]) =>
  until(
    async () => {
      await eraseDueData(ctx);
      return (await read(id)).personal_data === target;
    },
    { what: `the order to be reduced to ${target}` },
  );
async function count(text: string, ...values: unknown[]): Promise<number> {
  const { rows } = await shop.pool.query<{ n: number }>({ text: `select count(*)::int as n from ${text}`, values });
  return rows[0]?.n ?? -1;
}
const confirmations = (accountId: string): EventData<'account.erasure-confirmed.v1'>[] =>
  shop.published.flatMap((event) =>
    event.type === 'account.erasure-confirmed.v1' && event.subject === accountId ? [event.data] : [],
  );
const confirmed = (accountId: string, version: number) =>
  until(() => confirmations(accountId).find((one) => one.version === version), { what: `confirmation ${version}` });
const save = (who: Actor) => who.call('PUT', `/api/v1/addresses/${uuidv7()}`, { address });

describe('an account that is erased', () => {
  it('keeps the amounts of closed orders, and open orders as they are until they are closed', async () => {
    const ada = await shop.someone();
    await save(ada);
    await ada.call('POST', '/api/v1/carts');
    const [closed, billed, open] = [
      await place(ada),
      await place(ada, { billingAddress: { ...address, line1: 'Bill 2' } }),
      await place(ada),
    ];
    await cancel(ada, closed);
    await cancel(ada, billed);
    await erase(ada.id);
    expect(await confirmed(ada.id, 1)).toMatchObject({ kept: ['open_orders', 'books'], service: 'order' });
    const { phone, ...invoiceAddress } = address;
    expect(await read(closed)).toMatchObject({ personal_data: 'books', shipping_address: invoiceAddress, details: {} });
    expect((await read(closed)).shipping_address.phone).toBeUndefined();
    expect((await read(billed)).shipping_address).toEqual({ name: '–', line1: '–', city: '–', country: 'GB' });
    expect((await read(billed)).details.billingAddress).toEqual({ ...invoiceAddress, line1: 'Bill 2' });
    expect(await read(open)).toMatchObject({ personal_data: 'full', shipping_address: { phone } });
    expect(await count('saved_address where customer_id = $1', ada.id)).toBe(0);
    expect(await count('cart where customer_id = $1', ada.id)).toBe(0);
    await cancel(ada, open);
    await untilReduced(open, 'books', later(700_000));
    const last = await confirmed(ada.id, 2);
    expect(last.kept).toEqual(['books']);
    expect(Date.parse(last.completeAfter ?? '')).toBeGreaterThan(Date.now() + 9 * YEAR_MS);
  });

  it('is erased although it has sent the id of one order as the key of another', async () => {
    const ada = await shop.someone();
    const first = await place(ada);
    const { body } = await ada.call('POST', '/api/v1/orders', order(mug), { 'idempotency-key': first });
    await cancel(ada, first);
    await erase(ada.id);
    await untilReduced(first, 'books', later(0));
    await cancel(ada, body.id);
    await untilReduced(body.id, 'books', later(700_000));
  });

  it('loses what is placed or saved at the same time, and while a token lasts', async () => {
    const ada = await shop.someone();
    const placing = Array.from({ length: 5 }, () => place(ada));
    const erased = Promise.all([erase(ada.id), erase(ada.id)]);
    const ids = await Promise.all(placing);
    await erased;
    ids.push(await place(ada));
    await save(ada);
    for (const id of ids) await cancel(ada, id);
    await until(async () => {
      await eraseDueData(later(700_000));
      return (await count(`orders where customer_id = $1 and personal_data = 'full'`, ada.id)) === 0;
    });
    expect(await count('saved_address where customer_id = $1', ada.id)).toBe(0);
  });

  it('is confirmed once more when the event comes again, and nothing else happens', async () => {
    const ada = await shop.someone();
    const erasureId = uuidv7();
    await erase(ada.id, erasureId);
    expect(await confirmed(ada.id, 1)).toEqual({
      ...{ erasureId, accountId: ada.id, service: 'order', kept: [], version: 1 },
    });
    await erase(ada.id, erasureId);
    expect((await confirmed(ada.id, 2)).kept).toEqual([]);
  });
});

describe('the retention term', () => {
  it('takes all personal data of accounts and guests, postpones open orders, and changes no amount', async () => {
    const [ada, bob] = [await shop.someone(), await shop.someone()];
    const [closed, open, erased] = [await place(ada), await place(ada), await place(bob)];
    const guest = await guestOrder(`${randomUUID()}@example.com`);
    for (const [who, id] of [[ada, closed] as const, [bob, erased] as const]) await cancel(who, id);
    await fetch(`${shop.url}/api/v1/orders/${guest.id}/cancel?token=${guest.token}`, { method: 'POST' });
    await erase(bob.id);
    expect((await confirmed(bob.id, 1)).kept).toEqual(['books']);
    const before = await read(closed);
    await expireOrders(later(0));
    await eraseDueData(later(0));
    expect((await read(closed)).personal_data).toBe('full');
    const after = later(11 * YEAR_MS);
    while ((await expireOrders(after)) > 0);
    while ((await eraseDueData(after)) > 0);
    for (const id of [closed, erased, guest.id]) {
      expect(await read(id)).toEqual({
        ...{ personal_data: 'none', customer_id: id, guest_email: null, details: {}, amount: before.amount },
        shipping_address: { name: '–', line1: '–', city: '–', country: 'GB' },
      });
    }
    expect((await read(open)).personal_data).toBe('full');
    expect((await confirmed(bob.id, 2)).kept).toEqual([]);
    await cancel(ada, open);
    await untilReduced(open, 'none', later(12 * YEAR_MS));
  });
});

async function guestOrder(email: string): Promise<{ id: string; token: string }> {
  const response = await fetch(`${shop.url}/api/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify(order(mug, { email, shippingAddress: address })),
  });
  // as: what the API answers a guest.
  return (await response.json()) as { id: string; token: string };
}

describe('a guest', () => {
  it('is erased by an operator, by one of the orders, once they are closed', async () => {
    const email = `${randomUUID()}@example.com`;
    const [first, second] = [await guestOrder(email), await guestOrder(email)];
    const [ada, admin] = [await shop.someone(), await shop.someone('admin')];
    const path = (id: string) => `/api/v1/admin/order/orders/${id}/guest-erasure`;
    expect((await ada.call('POST', path(first.id))).status).toBe(403);
    const answer = await admin.call('POST', path(first.id));
    expect([answer.status, answer.body]).toEqual([202, { orders: 2, open: 2 }]);
    await fetch(`${shop.url}/api/v1/orders/${first.id}/cancel?token=${first.token}`, { method: 'POST' });
    await untilReduced(first.id, 'books', later(700_000));
    expect((await read(first.id)).guest_email).toBeNull();
    expect(await read(second.id)).toMatchObject({ personal_data: 'full', guest_email: email });
    const event = await until(() =>
      shop.published.find(({ type, subject }) => type === 'order.guest-erased.v1' && subject === first.id),
    );
    expect(JSON.stringify(event)).not.toContain(email);
    expect((await admin.call('POST', path(await place(ada)))).body.code).toBe('conflict');
  });

  it('is erased by the address, which the event brings encrypted, and confirmed each time', async () => {
    const email = `${randomUUID()}@example.com`;
    const [closed, open] = [await guestOrder(email), await guestOrder(email)];
    await fetch(`${shop.url}/api/v1/orders/${closed.id}/cancel?token=${closed.token}`, { method: 'POST' });
    const { customer_id: customerId } = await read(closed.id);
    const encrypt = eventEncryption(MAIL_KEY);
    const event = async () => ({
      ...{ erasureId: uuidv7(), accountId: uuidv7(), guest: true },
      contact: await encrypt(JSON.stringify({ email, name: '' })),
    });
    const first = await event();
    await shop.publishEvent('account.erased.v1', first.accountId, first);
    expect(await confirmed(customerId, 1)).toMatchObject({
      ...{ erasureId: first.erasureId, kept: ['open_orders', 'books'] },
    });
    expect((await read(closed.id)).guest_email).toBeNull();
    expect(await read(open.id)).toMatchObject({ personal_data: 'full', guest_email: email });
    await fetch(`${shop.url}/api/v1/orders/${open.id}/cancel?token=${open.token}`, { method: 'POST' });
    await untilReduced(open.id, 'books', later(700_000));
    // Another erasure of the same address is confirmed under its own id, and one without an address changes nothing.
    const second = await event();
    await shop.publishEvent('account.erased.v1', second.accountId, second);
    await until(() => confirmations(customerId).some(({ erasureId }) => erasureId === second.erasureId));
    const { contact: _, ...without } = await event();
    await shop.publishEvent('account.erased.v1', without.accountId, without);
    expect(await count('erased_account where account_id = $1', without.accountId)).toBe(0);
  });
});

it('answers auth how many sales of a seller are not settled', async () => {
  const ask = async (id: string) =>
    (await fetch(`${shop.url}${UNSETTLED_SALES_PATH}?sellerId=${id}`)).json() as Promise<{ orders: number }>;
  const ada = await shop.someone();
  const before = (await ask(sellerId)).orders;
  const id = await place(ada);
  expect((await ask(sellerId)).orders).toBe(before + 1);
  await cancel(ada, id);
  expect((await ask(sellerId)).orders).toBe(before);
  expect((await ask(uuidv7())).orders).toBe(0);
});
