import { randomUUID } from 'node:crypto';
import { freePort } from '@tradepost/testing/free-port';
import { type StripeStandIn, startStripeStandIn } from '@tradepost/testing/stripe/stand-in';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findImbalances } from '../../src/store/ledger.ts';
import { saveProducts } from '../../src/store/sellable-variants.ts';
import { type Actor, openShop, order, product, type Shop } from '../shop.ts';
import { publishableKey, secretKey, webhookSecret } from './fixtures.ts';

/** Orders that are paid by Stripe, from the checkout to the ledger: the service by HTTP, and Stripe in the place of a stand-in. */
let shop: Shop;
let standIn: StripeStandIn;
let ada: Actor;
let admin: Actor;

beforeAll(async () => {
  const port = await freePort();
  const webhookUrl = `http://127.0.0.1:${port}/api/v1/payments/stripe/events`;
  standIn = await startStripeStandIn({ secretKey, webhookSecret, webhookUrl, sendsEvents: true });
  shop = await openShop({
    ...{ PORT: port, PAYMENT_PROVIDERS: 'stripe,sandbox', STRIPE_API_URL: standIn.url, PAYMENT_TIMEOUT_MS: 5000 },
    ...{ STRIPE_SECRET_KEY: secretKey, STRIPE_PUBLISHABLE_KEY: publishableKey, STRIPE_WEBHOOK_SECRET: webhookSecret },
  });
  [ada, admin] = await Promise.all([shop.someone(), shop.someone('admin')]);
});
afterAll(async () => {
  await shop.stop();
  await standIn.stop();
});

const mugs = [{ sku: 'MUG', quantity: 2 }];
const read = async (id: string) => (await ada.call('GET', `/api/v1/orders/${id}`)).body;
const becomes = (id: string, status: string) =>
  until(async () => (await read(id)).status === status, { what: `${id} to become ${status}` });

/** An order whose payment waits in Stripe's form, with the id of its payment intent. */
async function place(lines = mugs): Promise<{ id: string; intent: string }> {
  const body = order(lines, { payment: { provider: 'stripe', token: 'payment_element' } });
  const { id } = (await ada.call('POST', '/api/v1/orders', body, { 'idempotency-key': randomUUID() })).body;
  const expiresAt = new Date(Date.now() + 900_000).toISOString();
  await shop.publishEvent('stock.reserved.v1', id, { orderId: id, expiresAt, lines });
  await becomes(id, 'awaiting_payment');
  const { payment } = await read(id);
  expect(payment).toMatchObject({ action: { type: 'client_secret', publishableKey } });
  return { id, intent: payment.reference };
}

async function ledger(id: string): Promise<[string, number][]> {
  const { body } = await admin.call('GET', `/api/v1/orders/${id}/ledger`);
  return body.items.map((entry: { type: string; amount: { amount: number } }) => [entry.type, entry.amount.amount]);
}

describe('an order that is paid by Stripe', () => {
  it('is confirmed by the webhook once the shopper has confirmed 3-D Secure', async () => {
    const { id, intent } = await place();
    standIn.confirm(intent, 'needs_3d_secure');
    standIn.settle(intent, true);
    await becomes(id, 'confirmed');
    expect(await ledger(id)).toContainEqual(['capture', 2500]);
  });

  it('waits for another card after one that was declined, in the same form', async () => {
    const { id, intent } = await place();
    standIn.confirm(intent, 'declined');
    expect(await read(id)).toMatchObject({ status: 'awaiting_payment', payment: { status: 'requires_action' } });
    standIn.confirm(intent, 'succeeds');
    await becomes(id, 'confirmed');
  });

  it('is given back in parts, at Stripe too', async () => {
    const { id, intent } = await place();
    standIn.confirm(intent, 'succeeds');
    await becomes(id, 'confirmed');
    const key = { 'idempotency-key': randomUUID() };
    const refund = { amount: 700, reason: 'scratched' };
    expect((await admin.call('POST', `/api/v1/orders/${id}/refunds`, refund, key)).status).toBe(201);
    await until(async () => (await ledger(id)).some(([type]) => type === 'refund_made'));
    expect(standIn.refunds(intent).map(({ amount }) => amount)).toEqual([700]);
  });

  it('is given back in amounts that Stripe can give back alone', async () => {
    await saveProducts(shop.pool, [product([{ sku: 'DALLAH', amount: 3335, currency: 'KWD' }])]);
    const { id, intent } = await place([{ sku: 'DALLAH', quantity: 2 }]);
    standIn.confirm(intent, 'succeeds');
    await becomes(id, 'confirmed');
    const give = (body: Record<string, unknown>) =>
      admin.call('POST', `/api/v1/orders/${id}/refunds`, { reason: 'x', ...body }, { 'idempotency-key': randomUUID() });
    expect((await give({ amount: 5 })).body).toMatchObject({ code: 'unprocessable', errors: [{ field: '/amount' }] });
    expect((await give({ lines: [{ sku: 'DALLAH', quantity: 1 }] })).body.amount.amount).toBe(3330);
    expect((await give({})).body.amount.amount).toBe(3340);
    await until(async () => (await ledger(id)).filter(([type]) => type === 'refund_made').length === 2);
    expect(standIn.refunds(intent).map(({ amount }) => amount)).toEqual([3330, 3340]);
  });

  it('has a dispute in its ledger, which names the payment by its reference alone', async () => {
    const { id, intent } = await place();
    standIn.confirm(intent, 'succeeds');
    await becomes(id, 'confirmed');
    const { id: dispute } = standIn.openDispute(intent);
    await until(async () => (await ledger(id)).some(([type]) => type === 'dispute_opened'));
    standIn.closeDispute(dispute, 'lost');
    await until(async () => (await ledger(id)).some(([type]) => type === 'dispute_lost'));
    expect((await ledger(id)).filter(([type]) => type.startsWith('dispute'))).toEqual([
      ['dispute_opened', 2500],
      ['dispute_lost', 2500],
    ]);
    expect(await findImbalances(shop.pool, 10)).toEqual([]);
  });

  it('can be paid by another provider instead, and then by Stripe no more', async () => {
    const { id, intent } = await place();
    await ada.call('POST', `/api/v1/orders/${id}/payments`, { provider: 'sandbox', token: 'ok' });
    await becomes(id, 'confirmed');
    expect(standIn.intent(intent).status).toBe('canceled');
    expect(await read(id)).toMatchObject({ payment: { provider: 'sandbox', status: 'captured' } });
  });

  it('is cancelled at Stripe when its customer cancels', async () => {
    const { id, intent } = await place();
    await ada.call('POST', `/api/v1/orders/${id}/cancel`);
    await becomes(id, 'cancelled');
    expect(standIn.intent(intent).status).toBe('canceled');
  });
});
