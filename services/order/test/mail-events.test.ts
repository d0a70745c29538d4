import { randomUUID } from 'node:crypto';
import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventType, OrderSummary } from '@tradepost/contracts/events';
import { eventDecryption } from '@tradepost/runtime/event-encryption';
import { MAIL_KEY } from '@tradepost/testing/service';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShop, order, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({
    PAYMENT_PROVIDERS: 'sandbox,manual',
    BANK_TRANSFER_INSTRUCTIONS: 'IBAN DE02 1203 0000 0000 2020 51',
  });
});
afterAll(() => shop.stop());

const lines = [
  { sku: 'MUG', quantity: 2 },
  { sku: 'TEA', quantity: 1 },
];

/** Places an order with an account, or as a guest with an address, and reserves its stock. */
async function place(
  o: { email?: string; payment?: { provider: string; token: string } } = {},
  headers: Record<string, string> = { 'idempotency-key': randomUUID() },
) {
  const body = order(lines, o);
  const placed =
    o.email === undefined
      ? (await (await shop.someone()).call('POST', '/api/v1/orders', body, headers)).body
      : await (
          await fetch(`${shop.url}/api/v1/orders`, {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          })
        ).json();
  const reserved = { orderId: placed.id, expiresAt: new Date().toISOString(), lines };
  await shop.publishEvent('stock.reserved.v1', placed.id, reserved);
  return placed;
}

const told = <T extends EventType>(type: T, orderId: string): Promise<CloudEvent<T>> =>
  until(
    // as: the event has the type that was asked for.
    async () => shop.published.find((event) => event.type === type && event.subject === orderId) as CloudEvent<T>,
    { what: `${type} of ${orderId}` },
  );

it('have what a mail needs, and the amounts add up', async () => {
  const placed = await place();
  const { data } = await told('order.confirmed.v1', placed.id);
  expect(data.summary).toMatchObject({
    number: placed.number,
    placedAt: placed.createdAt,
    lines: [
      { title: 'Mug, MUG', quantity: 2, unitPrice: { amount: 1250 }, total: { amount: 2500, currency: 'EUR' } },
      { title: 'Tea, TEA', quantity: 1, total: { amount: 399 } },
    ],
    total: placed.total,
  });
  // as: it was just found.
  const { subtotal, discount, shipping, taxExemption, tax, taxIncluded, total } = data.summary as OrderSummary;
  const sum = subtotal.amount - discount.amount + shipping.amount - taxExemption.amount;
  expect(sum + (taxIncluded ? 0 : tax.amount)).toBe(total.amount);
});

it('hold who a guest is for the reader with the key, and for nobody else', async () => {
  const email = `${randomUUID()}@example.com`;
  const placed = await place({ email });
  const event = await told('order.confirmed.v1', placed.id);
  const contact = JSON.parse(await eventDecryption([MAIL_KEY])(event.data.summary?.guest ?? ''));
  expect(contact).toEqual({ email, name: 'Ada', token: placed.token });
  const readable = JSON.stringify(shop.published.filter(({ subject }) => subject === placed.id));
  for (const secret of [email, 'Ada', placed.token]) expect(readable).not.toContain(secret);
});

it('have the language that the buyer asked for first, which is not part of the hash of the request', async () => {
  const key = { 'idempotency-key': randomUUID() };
  const email = `${randomUUID()}@example.com`;
  const first = await place({ email }, { ...key, 'accept-language': 'fr-CA,fr;q=0.9' });
  const again = await place({ email }, { ...key, 'accept-language': 'en' });
  expect(again.id).toBe(first.id);
  expect((await told('order.confirmed.v1', first.id)).data.summary?.locale).toBe('fr');
  expect(JSON.stringify(first)).not.toContain('locale');
  const plain = await place();
  expect((await told('order.confirmed.v1', plain.id)).data.summary).not.toHaveProperty('locale');
});

it('name no guest once an account has claimed the order, nor for an order of an account', async () => {
  const email = `${randomUUID()}@example.com`;
  const placed = await place({ email, payment: { provider: 'manual', token: 'bank_transfer' } });
  await told('order.payment-needed.v1', placed.id);
  const account = await shop.as(randomUUID(), 'customer', email);
  const claim = { orderId: placed.id, token: placed.token };
  expect((await account.call('POST', '/api/v1/orders/claims', claim)).status).toBe(200);
  await account.call('POST', `/api/v1/orders/${placed.id}/cancel`);
  const { data } = await told('order.cancelled.v1', placed.id);
  expect(data).toMatchObject({ customerId: account.id, summary: { number: placed.number } });
  expect(data.summary?.guest).toBeUndefined();
});

it.each([
  ['declined', { provider: 'sandbox', token: 'declined' }, 'declined', undefined],
  ['3-D Secure', { provider: 'sandbox', token: '3ds' }, 'action', undefined],
  ['a transfer', { provider: 'manual', token: 'bank_transfer' }, 'transfer', expect.stringContaining('DE02')],
])('tell that money is needed, and until when: %s', async (_, payment, reason, instructions) => {
  const placed = await place({ payment });
  const { data } = await told('order.payment-needed.v1', placed.id);
  expect([data.reason, data.instructions]).toEqual([reason, instructions]);
  const admin = await shop.someone('admin');
  const seen = (await admin.call('GET', `/api/v1/orders/${placed.id}`)).body;
  expect(seen).toMatchObject({ status: 'awaiting_payment', payment: { payBy: data.payBy } });
  expect(Date.parse(data.payBy)).toBeGreaterThan(Date.parse(placed.createdAt));
});
