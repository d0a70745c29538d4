import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routes } from '../src/stripe/api-server.ts';
import { describedCalls } from '../src/stripe/described-calls.ts';
import { source } from '../src/stripe/described-objects.ts';
import { paramProblems } from '../src/stripe/description-check.ts';
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

describe("Stripe's API description", () => {
  /** What is left after a test that provokes violations: nothing, so that `stop` does not throw. */
  const violations = () => standIn.takeViolations();

  it.each<[string, object]>([
    ['payment_intent.colour does not exist at Stripe', { colour: 'blue' }],
    ['payment_intent.status is missing', { status: undefined }],
    ['payment_intent.status is "paid", not one of canceled, processing', { status: 'paid' }],
    ['payment_intent.amount is "4200", not of the type integer', { amount: '4200' }],
    ['payment_intent.amount is 0.5, not of the type integer', { amount: 0.5 }],
    ['payment_intent.currency is "EUR", not of the type currency', { currency: 'EUR' }],
    ['payment_intent.metadata is {"a":1}, not of the type metadata', { metadata: { a: 1 } }],
    ['payment_intent.livemode is null, but not nullable', { livemode: null }],
    ['payment_intent.payment_method_types is no list', { payment_method_types: 'card' }],
    ['payment_intent.payment_method_types[1] is 5, not of the type string', { payment_method_types: ['card', 5] }],
    ['payment_intent.next_action.type is missing', { next_action: {} }],
    ['payment_intent.last_payment_error.type is "other", not one of', { last_payment_error: { type: 'other' } }],
    ['payment_intent.latest_charge.refunded is missing', { latest_charge: { id: 'ch_1' } }],
    ['payment_intent.latest_charge is no object', { latest_charge: 1 }],
    ['payment_intent.shipping has a value, but nothing is known here of shipping', { shipping: { name: 'Ada' } }],
  ])('refuses an answer: %s', async (problem, change) => {
    const { id } = await create('one');
    Object.assign(standIn.intent(id), change);
    await expect(sdk.paymentIntents.retrieve(id)).rejects.toMatchObject({
      statusCode: 500,
      message: expect.stringContaining(problem),
    });
    expect(violations()).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });

  it.each<[string, object]>([
    ['.colour does not exist at Stripe', { colour: 'blue' }],
    ['.amount is missing', { amount: undefined }],
    ['.amount is "a lot", not of the type integer', { amount: 'a lot' }],
    ['.capture_method is "later", not one of automatic, automatic_async, manual', { capture_method: 'later' }],
    ['.automatic_payment_methods.enabled is "yes", not', { automatic_payment_methods: { enabled: 'yes' } }],
    ['.automatic_payment_methods.on does not exist', { automatic_payment_methods: { enabled: true, on: true } }],
    ['.expand is no list', { expand: 'latest_charge' }],
    ['.metadata is "a", not of the type metadata', { metadata: 'a' }],
    ['.receipt_email exists at Stripe, but the stand-in does not take it', { receipt_email: 'ada@example.com' }],
  ])('refuses a request before it does anything: %s', async (problem, change) => {
    await expect(create('one', change)).rejects.toMatchObject({
      statusCode: 500,
      message: expect.stringContaining(`POST /v1/payment_intents${problem}`),
    });
    expect(violations()).toHaveLength(1);
    expect(standIn.events).toEqual([]);
  });

  it('refuses a call that the stand-in does not know', async () => {
    await expect(sdk.customers.list()).rejects.toThrow('nothing is known here of GET /v1/customers');
    expect(violations()).toHaveLength(1);
  });

  it('refuses an event when it happens, and one that a test has changed when it is sent', async () => {
    const { id } = await create('one');
    Object.assign(standIn.intent(id), { livemode: 'no' });
    expect(() => standIn.confirm(id, 'processing')).toThrow(
      'payment_intent.processing: payment_intent.livemode is "no"',
    );
    const [created] = standIn.events;
    if (!created) throw new Error('There is no event');
    await expect(standIn.send({ ...created, type: 'customer.created' })).rejects.toThrow('customer.created');
    await expect(standIn.send({ ...created, id: '', created: 0.5 })).rejects.toThrow('event.created is 0.5');
    expect(violations()).toHaveLength(3);
    expect(received).toEqual([]);
  });

  it('lets the test fail at its end', async () => {
    const { id } = await create('one');
    Object.assign(standIn.intent(id), { colour: 'blue' });
    await sdk.paymentIntents.retrieve(id).catch(() => undefined);
    await expect(standIn.stop()).rejects.toThrow('payment_intent.colour does not exist at Stripe');
    await start({});
  });

  it('has facts of every parameter that the stand-in takes', () => {
    expect(routes.map(({ call }) => call).sort()).toEqual(Object.keys(describedCalls).sort());
    for (const { call, params: names } of routes) {
      const anything = Object.fromEntries(names.map((name) => [name, '']));
      expect(
        paramProblems(call, anything).filter((problem) => /does not exist|nothing is known/.test(problem)),
      ).toEqual([]);
    }
  });

  it('is of a version that the version of the SDK only adds to', () => {
    expect(Stripe.API_VERSION.split('.')[1]).toBe(source.version.split('.')[1]);
    expect(Stripe.API_VERSION >= source.version).toBe(true);
  });
});
