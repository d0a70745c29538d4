import { randomUUID } from 'node:crypto';
import { freePort } from '@tradepost/testing/free-port';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxSecret } from '../src/configured-providers.ts';
import { signMessage } from '../src/payments/sandbox/messages.ts';
import { readGuestSecret } from '../src/store/guest-orders.ts';
import { findImbalances } from '../src/store/ledger.ts';
import { type Actor, openShop, order, type Shop } from './shop.ts';

/** The webhook of payment providers, and the sandbox that calls it. */
let shop: Shop;
let ada: Actor;
let admin: Actor;
let secret: Buffer;

beforeAll(async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/api/v1/payments/sandbox/events`;
  shop = await openShop({ PORT: port, SANDBOX_MESSAGES_URL: url });
  [ada, admin] = await Promise.all([shop.someone(), shop.someone('admin')]);
  secret = await sandboxSecret(() => readGuestSecret(shop.pool))();
});
afterAll(() => shop.stop());

const lines = [{ sku: 'MUG', quantity: 2 }];
const expiresAt = new Date(Date.now() + 900_000).toISOString();

async function place(token: string): Promise<string> {
  const body = order(lines, { payment: { provider: 'sandbox', token } });
  const answer = await ada.call('POST', '/api/v1/orders', body, { 'idempotency-key': randomUUID() });
  await shop.publishEvent('stock.reserved.v1', answer.body.id, { orderId: answer.body.id, expiresAt, lines });
  return answer.body.id;
}

const read = async (id: string) => (await ada.call('GET', `/api/v1/orders/${id}`)).body;
const becomes = (id: string, status: string) =>
  until(async () => (await read(id)).status === status, { what: `${id} to become ${status}` });

type Sent = { body?: string; headers?: Record<string, string>; at?: Date; provider?: string };

/** Sends a message to the webhook, signed unless said otherwise. */
async function send(
  message: unknown,
  { body = JSON.stringify(message), headers, at = new Date(), provider = 'sandbox' }: Sent = {},
) {
  const response = await fetch(`${shop.url}/api/v1/payments/${provider}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sandbox-signature': signMessage(secret, body, at), ...headers },
    body,
  });
  // as: every answer of this route is JSON.
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const about = (key: string, content: Record<string, unknown>) => ({ id: randomUUID(), key, content });

async function ledger(id: string): Promise<[string, number][]> {
  const { body } = await admin.call('GET', `/api/v1/orders/${id}/ledger`);
  return body.items.map((entry: { type: string; amount: { amount: number } }) => [entry.type, entry.amount.amount]);
}

const versionOf = async (id: string): Promise<number> => (await read(id)).version;

describe('a message of a provider', () => {
  it('settles an order before the answer to the request does, and a second time changes nothing', async () => {
    const id = await place('timeout');
    await becomes(id, 'reserved');
    const message = about(id, { status: 'captured' });
    for (let i = 0; i < 3; i++) expect(await send(message)).toEqual({ status: 200, body: { received: 1 } });
    expect(await read(id)).toMatchObject({ status: 'confirmed', version: 3 });
    expect(await ledger(id)).toContainEqual(['capture', 2500]);
    expect(await findImbalances(shop.pool, 10)).toEqual([]);
  });

  it('is handled once although it comes many times at once', async () => {
    const id = await place('3ds');
    await becomes(id, 'awaiting_payment');
    const messages = [about(id, { status: 'captured' }), about(id, { status: 'fee', amount: 63 })];
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => send(messages[i % 2])));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await read(id)).toMatchObject({ status: 'confirmed' });
    expect((await ledger(id)).toSorted()).toEqual([
      ['capture', 2500],
      ['fee', 63],
    ]);
  });

  it('that is late, out of order or about an earlier try changes nothing', async () => {
    const id = await place('3ds');
    await becomes(id, 'awaiting_payment');
    await send(about(id, { status: 'declined', reason: 'payment_declined' }));
    expect(await read(id)).toMatchObject({ payment: { status: 'declined' } });
    await ada.call('POST', `/api/v1/orders/${id}/payments`, { provider: 'sandbox', token: '3ds' });
    await until(async () => (await read(id)).payment.status === 'requires_action');
    const before = await versionOf(id);
    await send(about(id, { status: 'declined', reason: 'payment_declined' }));
    await send(about(id, { status: 'authorized' }));
    expect(await versionOf(id)).toBe(before);
    await send(about(`${id}:2`, { status: 'captured' }));
    expect(await read(id)).toMatchObject({ status: 'confirmed' });
    await send(about(`${id}:2`, { status: 'declined', reason: 'payment_declined' }));
    expect(await read(id)).toMatchObject({ status: 'confirmed', version: before + 1 });
  });

  it('of money for a try that was over is reported to operators, until one has resolved it', async () => {
    const id = await place('declined');
    await becomes(id, 'awaiting_payment');
    await ada.call('POST', `/api/v1/orders/${id}/payments`, { provider: 'sandbox', token: 'ok' });
    await becomes(id, 'confirmed');
    await send(about(id, { status: 'captured' }));
    const differences = async () => {
      const { body } = await admin.call('GET', '/api/v1/admin/order/reconciliation');
      return body.differences.filter((one: { orderId: string }) => one.orderId === id);
    };
    const [found] = await differences();
    expect(found).toMatchObject({ description: expect.stringContaining('try 1'), provider: { captured: 2500 } });
    const resolve = `/api/v1/admin/order/payment-differences/${found.id}/resolve`;
    expect((await admin.call('POST', resolve)).status).toBe(204);
    expect((await admin.call('POST', resolve)).status).toBe(204);
    expect(await differences()).toEqual([]);
    expect((await ada.call('POST', resolve)).status).toBe(403);
  });

  it('about money for a cancelled order has it given back', async () => {
    const id = await place('declined');
    await becomes(id, 'awaiting_payment');
    await ada.call('POST', `/api/v1/orders/${id}/cancel`);
    await send(about(id, { status: 'captured' }));
    expect(await read(id)).toMatchObject({ status: 'cancelled', refunded: { amount: 2500 } });
    expect(await findImbalances(shop.pool, 10)).toEqual([]);
  });

  it('about an unknown order is taken and has no effect', async () => {
    for (const key of [randomUUID(), 'pi_3', `${randomUUID()}:2`]) {
      expect(await send(about(key, { status: 'captured' }))).toEqual({ status: 200, body: { received: 1 } });
    }
  });
});

describe('the webhook', () => {
  it.each<[string, Sent]>([
    ['without a signature', { headers: { 'sandbox-signature': '' } }],
    ['with another signature', { headers: { 'sandbox-signature': `t=1,v1=${'0'.repeat(64)}` } }],
    ['that was recorded some time ago', { at: new Date(Date.now() - 301_000) }],
    ['from the future', { at: new Date(Date.now() + 400_000) }],
    ['of another form', { body: '{"id":"1","key":"2","content":{"status":"paid"}}' }],
    ['that is no JSON', { body: 'captured' }],
    ['that is empty', { body: '' }],
  ])('refuses a message %s', async (_, sent) => {
    const id = await place('3ds');
    await becomes(id, 'awaiting_payment');
    const answer = await send(about(id, { status: 'captured' }), sent);
    expect(answer).toMatchObject({ status: 400, body: { code: 'webhook_not_valid' } });
    expect(await read(id)).toMatchObject({ status: 'awaiting_payment' });
  });

  it('refuses a body that was changed after it was signed', async () => {
    const message = about(randomUUID(), { status: 'fee', amount: 1 });
    const signature = signMessage(secret, JSON.stringify(message), new Date());
    const changed = { ...message, content: { status: 'fee', amount: 100 } };
    const answer = await send(changed, { headers: { 'sandbox-signature': signature } });
    expect(answer.status).toBe(400);
  });

  it('is there only for providers that send messages, and takes no more than 256 KiB', async () => {
    for (const provider of ['manual', 'acme']) expect((await send({}, { provider })).status).toBe(404);
    expect((await send({}, { body: ' '.repeat(257 * 1024) })).status).toBe(413);
  });
});

describe('the sandbox', () => {
  it('sends the shopper’s answer at once, although nobody asks for it', async () => {
    const id = await place('3ds');
    await becomes(id, 'awaiting_payment');
    const { redirectUrl } = (await read(id)).payment.action;
    const path = `/api/v1/payments/sandbox/challenges/${redirectUrl.split('/').at(-1)}`;
    const asked = await (await fetch(shop.url + path)).json();
    expect(asked).toMatchObject({ amount: { amount: 2500, currency: 'EUR' }, status: 'challenged' });
    const approve = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"approve":true}' };
    for (let i = 0; i < 2; i++)
      expect(await (await fetch(shop.url + path, approve)).json()).toMatchObject({ status: 'captured' });
    await becomes(id, 'confirmed');
  });

  it('sends everything more than once, and takes a fee, which is booked once', async () => {
    const id = await place('ok');
    await becomes(id, 'confirmed');
    const left = async () => {
      const { rows } = await shop.pool.query({ text: 'select from sandbox_message where key = $1', values: [id] });
      return rows.length;
    };
    await until(async () => (await left()) === 0, { what: 'all messages to be sent twice' });
    expect((await ledger(id)).toSorted()).toEqual([
      ['capture', 2500],
      ['fee', 63],
    ]);
    const { rows } = await shop.pool.query({
      text: 'select type from payment_message where key = $1 order by type',
      values: [id],
    });
    expect(rows).toEqual([{ type: 'captured' }, { type: 'fee' }]);
  });

  it('settles what it said it is processing', async () => {
    await becomes(await place('processing'), 'confirmed');
  });
});
