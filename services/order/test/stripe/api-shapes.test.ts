import { uuidv7 } from '@tradepost/postgres/uuid';
import type { ApiExchange } from '@tradepost/testing/stripe/api-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newPayment, noLimit, type StripeFixture, start, startStripe } from './fixtures.ts';
import { type TypedValue, typeProblems } from './sdk-types.ts';

let fixture: StripeFixture;
beforeAll(async () => {
  fixture = await startStripe();
  await useEverything();
});
afterAll(() => fixture.standIn.stop());

/** Every call of the provider, and everything that can happen at Stripe. */
async function useEverything(): Promise<void> {
  const { provider, standIn } = fixture;
  const payment = await start(provider);
  standIn.confirm(payment.reference, 'declined');
  standIn.confirm(payment.reference, 'needs_3d_secure');
  await provider.authorize(payment, noLimit);
  standIn.settle(payment.reference, false);
  standIn.confirm(payment.reference, 'processing');
  await provider.cancel(payment, noLimit);
  standIn.settle(payment.reference, true);
  await provider.readTotals?.(payment, noLimit);
  const amount = { amount: 100, currency: 'EUR' };
  for (const status of ['succeeded', 'pending', 'failed'] as const) {
    standIn.setRefundStatus(status);
    await provider.refund({ key: uuidv7(), payment, amount }, noLimit).catch(() => undefined);
  }
  const inquiry = standIn.openDispute(payment.reference, 'warning_needs_response');
  standIn.escalateDispute(inquiry.id);
  standIn.closeDispute(inquiry.id, 'lost');
  const authorized = await start(provider, { capture: 'when_sent' });
  standIn.confirm(authorized.reference, 'succeeds');
  await provider.capture(authorized, noLimit);
  const released = await start(provider, { capture: 'when_sent' });
  standIn.confirm(released.reference, 'succeeds');
  await provider.cancel(released, noLimit);
  const lost = newPayment();
  await provider.initiate(lost, noLimit);
  await provider.cancel(lost, noLimit);
  await provider.initiate(newPayment({ amount: { amount: 10, currency: 'EUR' } }), noLimit);
  await provider.authorize({ ...lost, reference: 'pi_unknown' }, noLimit).catch(() => undefined);
}

/** Calls by method and path: the type of the parameters and of the answer. */
const calls: readonly [RegExp, string, string][] = [
  [/^POST \/v1\/payment_intents$/, 'Stripe.PaymentIntentCreateParams', 'Stripe.PaymentIntent'],
  [
    /^GET \/v1\/payment_intents\/search$/,
    'Stripe.PaymentIntentSearchParams',
    'Stripe.ApiSearchResult<Stripe.PaymentIntent>',
  ],
  [/^GET \/v1\/payment_intents\/pi_\w+$/, 'Stripe.PaymentIntentRetrieveParams', 'Stripe.PaymentIntent'],
  [/^POST \/v1\/payment_intents\/pi_\w+\/capture$/, 'Stripe.PaymentIntentCaptureParams', 'Stripe.PaymentIntent'],
  [/^POST \/v1\/payment_intents\/pi_\w+\/cancel$/, 'Stripe.PaymentIntentCancelParams', 'Stripe.PaymentIntent'],
  [/^POST \/v1\/refunds$/, 'Stripe.RefundCreateParams', 'Stripe.Refund'],
  [/^GET \/v1\/refunds$/, 'Stripe.RefundListParams', 'Stripe.ApiList<Stripe.Refund>'],
];

const typesOf = ({ method, path }: ApiExchange): readonly [RegExp, string, string] => {
  const call = calls.find(([pattern]) => pattern.test(`${method} ${path}`));
  if (!call) throw new Error(`No types for ${method} ${path}`);
  return call;
};

/** A form has texts only; the SDK was given numbers and booleans. */
const asGiven = (params: object): unknown =>
  JSON.parse(JSON.stringify(params), (name, value) => {
    if (name === 'enabled') return value === 'true';
    return name === 'amount' || name === 'limit' ? Number(value) : value;
  });

const requests = (): TypedValue[] =>
  fixture.standIn.exchanges.map((exchange) => ({
    name: `${exchange.method} ${exchange.path}`,
    type: typesOf(exchange)[1],
    value: asGiven(exchange.params),
  }));

const answers = (): TypedValue[] =>
  fixture.standIn.exchanges.map((exchange) => ({
    name: `${exchange.status} to ${exchange.method} ${exchange.path}`,
    type: exchange.status === 200 ? typesOf(exchange)[2] : '{ error: Partial<Stripe.StripeRawError> }',
    value: exchange.body,
  }));

const objectTypes: Readonly<Record<string, string>> = {
  payment_intent: 'Stripe.PaymentIntent',
  charge: 'Stripe.Charge',
  refund: 'Stripe.Refund',
  dispute: 'Stripe.Dispute',
};

const events = (): TypedValue[] =>
  fixture.standIn.events.map((event) => {
    const value = JSON.parse(fixture.standIn.sign(event).body.toString('utf8'));
    const object = objectTypes[value.data.object.object];
    return {
      name: event.type,
      type: `Omit<Stripe.EventBase, 'data'> & { data: { object: ${object} } }`,
      value,
    };
  });

it('every request, answer and webhook has the shape that Stripe publishes', () => {
  expect(fixture.standIn.exchanges.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 400, 404]));
  for (const [pattern] of calls) {
    expect(
      fixture.standIn.exchanges.some(({ method, path }) => pattern.test(`${method} ${path}`)),
      String(pattern),
    ).toBe(true);
  }
  expect(typeProblems([...requests(), ...answers(), ...events()])).toEqual([]);
});

it('the check finds a missing field, an unknown one and an unknown status', () => {
  const [first] = fixture.standIn.exchanges;
  const intent = { ...first?.body };
  const { client_secret: _, ...withoutSecret }: Record<string, unknown> = { ...intent };
  const values = {
    right: intent,
    missing: withoutSecret,
    unknown: { ...intent, colour: 'blue' },
    status: { ...intent, status: 'paid' },
  };
  const typed = Object.entries(values).map(([name, value]) => ({ name, type: 'Stripe.PaymentIntent', value }));
  expect(typeProblems(typed).map((problem) => problem.split(':')[0])).toEqual(['missing', 'unknown', 'status']);
});
