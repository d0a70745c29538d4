import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseForm } from '../src/stripe/form.ts';
import { type StripeStandIn, startStripeStandIn } from '../src/stripe/stand-in.ts';
import { until } from '../src/until.ts';

const secretKey = 'sk_test_standin0123456789';
const webhookSecret = 'whsec_standin0123456789';
const params = { amount: 4200, currency: 'eur', automatic_payment_methods: { enabled: true } };

let standIn: StripeStandIn;
let sdk: Stripe;
/** What the endpoint was sent, as the SDK reads it after it has checked the signature. */
let received: Stripe.Event[];
let endpoint: Server;

beforeEach(async () => {
  received = [];
  endpoint = createServer(async (request, response) => {
    const signature = String(request.headers['stripe-signature']);
    try {
      received.push(Stripe.webhooks.constructEvent(await buffer(request), signature, webhookSecret));
      response.writeHead(204).end();
    } catch {
      response.writeHead(400).end();
    }
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  await start({});
});
afterEach(async () => {
  await standIn.stop();
  await new Promise((resolve) => endpoint.close(resolve));
});

async function start(o: { sendsEvents?: boolean }): Promise<void> {
  // as: a server that listens on TCP has an address and a port.
  const { port } = endpoint.address() as AddressInfo;
  standIn = await startStripeStandIn({ secretKey, webhookSecret, webhookUrl: `http://127.0.0.1:${port}/`, ...o });
  sdk = clientOf(secretKey);
}

const clientOf = (key: string): Stripe => {
  const { hostname, port } = new URL(standIn.url);
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0 });
};
const create = (idempotencyKey: string, over: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  sdk.paymentIntents.create({ ...params, ...over }, { idempotencyKey });

describe('idempotency keys', () => {
  it('have the same answer for the same request', async () => {
    const first = await create('one');
    const again = await create('one');
    expect(again.id).toBe(first.id);
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect((await create('two')).id).not.toBe(first.id);
  });

  it('are refused with another request', async () => {
    await create('one');
    await expect(create('one', { amount: 4300 })).rejects.toMatchObject({
      statusCode: 400,
      rawType: 'idempotency_error',
    });
  });

  it('are refused while their first request is under way', async () => {
    const goOn = standIn.holdNext();
    const first = create('one');
    await until(() => standIn.requestsUnderWay() === 1);
    await expect(create('one')).rejects.toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    goOn();
    expect((await create('one')).id).toBe((await first).id);
  });

  it('are free after a request that was refused before it began', async () => {
    await expect(create('one', { amount: 10 })).rejects.toMatchObject({ code: 'amount_too_small' });
    expect((await create('one')).amount).toBe(4200);
  });

  it('keep an error 500 that came after the work was done', async () => {
    standIn.failNext({ when: 'after', what: 'error' });
    await expect(create('one')).rejects.toMatchObject({ statusCode: 500 });
    await expect(create('one')).rejects.toMatchObject({ statusCode: 500 });
    expect(standIn.events).toHaveLength(1);
  });
});

it('errors have the codes of Stripe', async () => {
  const { id } = await create('one');
  await expect(clientOf('sk_test_wrong').paymentIntents.retrieve(id)).rejects.toMatchObject({ statusCode: 401 });
  await expect(sdk.paymentIntents.retrieve('pi_unknown')).rejects.toMatchObject({ code: 'resource_missing' });
  await expect(sdk.paymentIntents.capture(id)).rejects.toMatchObject({ code: 'payment_intent_unexpected_state' });
  const unknown = Object.assign({ ...params }, { colour: 'blue' });
  await expect(sdk.paymentIntents.create(unknown)).rejects.toMatchObject({
    code: 'parameter_unknown',
    param: 'colour',
  });
  await expect(create('two', { currency: 'xxx' })).rejects.toMatchObject({ param: 'currency' });
  await expect(sdk.refunds.create({ payment_intent: id })).rejects.toMatchObject({ statusCode: 400 });
});

describe('webhooks', () => {
  it('are sent once each, in order, where they are to be', async () => {
    await standIn.stop();
    await start({ sendsEvents: true });
    const { id } = await create('one');
    standIn.confirm(id, 'succeeds');
    await until(() => received.length === 3);
    const types = ['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded'];
    expect(received.map(({ type }) => type)).toEqual(types);
  });

  it('are sent late, twice, in another order or not at all, as a test wants', async () => {
    const { id } = await create('one');
    standIn.confirm(id, 'declined');
    standIn.confirm(id, 'succeeds');
    expect(received).toEqual([]);
    const [, , failed, , succeeded] = standIn.events;
    if (!failed || !succeeded) throw new Error('There are too few events');
    for (const event of [succeeded, failed, succeeded]) expect(await standIn.send(event)).toBe(204);
    expect(received.map(({ type }) => type)).toEqual([
      'payment_intent.succeeded',
      'payment_intent.payment_failed',
      'payment_intent.succeeded',
    ]);
    expect(await standIn.send(failed, { at: new Date(Date.now() - 301_000) })).toBe(400);
    expect(await standIn.send(failed, { secret: 'whsec_another' })).toBe(400);
  });
});

it('a form has objects and lists', () => {
  expect(parseForm('amount=1&metadata[order_id]=a%26b&expand[0]=x&expand[1]=y&list[]=z')).toEqual({
    amount: '1',
    metadata: { order_id: 'a&b' },
    expand: ['x', 'y'],
    list: ['z'],
  });
});
