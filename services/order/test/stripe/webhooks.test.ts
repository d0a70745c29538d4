import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describedEvents } from '@tradepost/testing/stripe/described-calls';
import { newBalanceTransaction, type StripeEvent } from '@tradepost/testing/stripe/objects';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PaymentMessage, WebhookError } from '../../src/payments/provider.ts';
import { stripeEventTypes } from '../../src/payments/stripe/webhook.ts';
import {
  createClock,
  noLimit,
  publishableKey,
  type StripeFixture,
  start,
  startStripe,
  webhookSecret,
} from './fixtures.ts';

const clock = createClock();
let fixture: StripeFixture;
beforeAll(async () => {
  fixture = await startStripe({ now: clock.now });
});
afterAll(() => fixture.standIn.stop());

type Signed = { body: Buffer; headers: Record<string, string> };
/** Stripe's messages are read without waiting for anything. */
function read({ body, headers }: Signed): PaymentMessage[] {
  const messages = fixture.provider.parseWebhook?.(body, headers);
  if (!Array.isArray(messages)) throw new Error('The messages were to be there at once');
  return messages;
}
const messages = (event: StripeEvent): PaymentMessage[] => read(fixture.standIn.sign(event));

/** The events since a moment, as far as an endpoint is given them. */
function eventsAfter(count: number): StripeEvent[] {
  const wanted: readonly string[] = stripeEventTypes;
  return fixture.standIn.events.slice(count).filter(({ type }) => wanted.includes(type));
}

async function eventsOf(act: (reference: string) => void, capture: 'at_once' | 'when_sent' = 'at_once') {
  const payment = await start(fixture.provider, { capture });
  const before = fixture.standIn.events.length;
  act(payment.reference);
  const events = eventsAfter(before);
  return { ...payment, events, messages: events.flatMap(messages) };
}

describe('messages', () => {
  it('report that a payment was captured', async () => {
    const paid = await eventsOf((reference) => fixture.standIn.confirm(reference, 'succeeds'));
    const id = paid.events.find(({ type }) => type === 'payment_intent.succeeded')?.id;
    // The fee is not in the event of the charge.
    expect(paid.messages).toEqual([{ id, key: paid.key, content: { status: 'captured', reference: paid.reference } }]);
  });

  it('report that a payment was authorised', async () => {
    const paid = await eventsOf((reference) => fixture.standIn.confirm(reference, 'succeeds'), 'when_sent');
    expect(paid.messages).toMatchObject([{ key: paid.key, content: { status: 'authorized' } }]);
  });

  it.each([
    ['a declined card', (reference: string) => fixture.standIn.confirm(reference, 'declined')],
    [
      'a failed 3-D Secure',
      (reference: string) => {
        fixture.standIn.confirm(reference, 'needs_3d_secure');
        fixture.standIn.settle(reference, false);
      },
    ],
  ])('tell that the shopper may try again after %s', async (_, act) => {
    const failed = await eventsOf(act);
    const clientSecret = fixture.standIn.intent(failed.reference).client_secret;
    expect(failed.messages).toMatchObject([
      {
        key: failed.key,
        content: { status: 'requires_action', action: { type: 'client_secret', clientSecret, publishableKey } },
      },
    ]);
  });

  it('report that a payment was cancelled', async () => {
    const payment = await start(fixture.provider);
    const before = fixture.standIn.events.length;
    await fixture.provider.cancel(payment, noLimit);
    expect(eventsAfter(before).flatMap(messages)).toMatchObject([{ key: payment.key, content: { status: 'voided' } }]);
  });

  it('ask to look where the received amount is another', async () => {
    const paid = await eventsOf((reference) => fixture.standIn.confirm(reference, 'succeeds'));
    const event = paid.events.find(({ type }) => type === 'payment_intent.succeeded');
    const changed = JSON.parse(JSON.stringify(event));
    changed.data.object.amount_received = 1;
    expect(messages(changed)).toMatchObject([{ content: { status: 'unknown' } }]);
  });

  it.each(['won', 'lost'] as const)('report a dispute that is %s, by the reference of the payment', async (end) => {
    const { reference } = await eventsOf((id) => fixture.standIn.confirm(id, 'succeeds'));
    const before = fixture.standIn.events.length;
    const { id: disputeId } = fixture.standIn.openDispute(reference);
    fixture.standIn.closeDispute(disputeId, end);
    expect(eventsAfter(before).flatMap(messages)).toMatchObject([
      { id: `${disputeId}:dispute_opened`, content: { status: 'dispute_opened', amount: 4200, disputeId } },
      // Another event of the same: its message has the same id, and is handled once.
      { id: `${disputeId}:dispute_opened`, key: null, reference, content: { status: 'dispute_opened', amount: 4200 } },
      { key: null, reference, content: { status: `dispute_${end}`, amount: 4200, disputeId } },
    ]);
  });

  it('do not report an inquiry, which takes no money', async () => {
    const { reference } = await eventsOf((id) => fixture.standIn.confirm(id, 'succeeds'));
    const before = fixture.standIn.events.length;
    fixture.standIn.closeDispute(fixture.standIn.openDispute(reference, 'warning_needs_response').id, 'warning_closed');
    expect(eventsAfter(before)).toHaveLength(2);
    expect(eventsAfter(before).flatMap(messages)).toEqual([]);
  });

  it('report an inquiry that becomes a dispute', async () => {
    const { reference } = await eventsOf((id) => fixture.standIn.confirm(id, 'succeeds'));
    const { id } = fixture.standIn.openDispute(reference, 'warning_needs_response');
    const before = fixture.standIn.events.length;
    fixture.standIn.escalateDispute(id);
    expect(eventsAfter(before).flatMap(messages)).toMatchObject([{ reference, content: { status: 'dispute_opened' } }]);
  });

  it('report the fee where Stripe has put the balance transaction into the event', async () => {
    const paid = await eventsOf((reference) => fixture.standIn.confirm(reference, 'succeeds'));
    const event = paid.events.find(({ type }) => type === 'charge.succeeded');
    const changed = JSON.parse(JSON.stringify(event));
    const booking = { amount: 4200, currency: 'eur', fee: 88, exchange_rate: null, type: 'charge' } as const;
    const { created, id: source } = changed.data.object;
    changed.data.object.balance_transaction = newBalanceTransaction({ ...booking, created, source });
    expect(messages(changed)).toMatchObject([{ key: paid.key, content: { status: 'fee', amount: 88 } }]);
  });

  it('have the id of the event, so that a second delivery is known', async () => {
    const paid = await eventsOf((reference) => fixture.standIn.confirm(reference, 'succeeds'));
    expect(paid.events.flatMap(messages)).toEqual(paid.messages);
  });

  it('report the state of their own moment, in any order', async () => {
    const { messages: inOrder, events } = await eventsOf((reference) => {
      fixture.standIn.confirm(reference, 'declined');
      fixture.standIn.confirm(reference, 'succeeds');
    });
    expect(inOrder.map(({ content }) => content.status)).toEqual(['requires_action', 'captured']);
    expect(events.reverse().flatMap(messages)).toEqual(inOrder.reverse());
  });
});

describe('events that are none of ours', () => {
  it.each([
    ['without our metadata', {}],
    ['with the key of something else', { payment_key: 'subscription-17' }],
  ])('give no message: %s', async (_, metadata) => {
    const payment = await start(fixture.provider);
    fixture.standIn.intent(payment.reference).metadata = metadata;
    const before = fixture.standIn.events.length;
    fixture.standIn.confirm(payment.reference, 'succeeds');
    expect(eventsAfter(before).length).toBeGreaterThan(0);
    expect(eventsAfter(before).flatMap(messages)).toEqual([]);
  });

  it('give no message: of another type', async () => {
    const before = fixture.standIn.events.length;
    await start(fixture.provider);
    const [created] = fixture.standIn.events.slice(before);
    expect(created?.type).toBe('payment_intent.created');
    expect(created && messages(created)).toEqual([]);
  });
});

describe('a webhook is refused', () => {
  const event = async (): Promise<StripeEvent> => {
    const { events } = await eventsOf((reference) => fixture.standIn.confirm(reference, 'succeeds'));
    const succeeded = events.find(({ type }) => type === 'payment_intent.succeeded');
    if (!succeeded) throw new Error('no event');
    return succeeded;
  };

  it('with the signature of another secret', async () => {
    const signed = fixture.standIn.sign(await event(), { secret: 'whsec_another' });
    expect(() => read(signed)).toThrow(WebhookError);
  });

  it('with a body that was changed after it was signed', async () => {
    const { body, headers } = fixture.standIn.sign(await event());
    const changed = Buffer.from(body.toString().replace('4200', '4201'));
    expect(changed.equals(body)).toBe(false);
    expect(() => read({ body: changed, headers })).toThrow(WebhookError);
  });

  it('more than five minutes after it was signed', async () => {
    const signed = fixture.standIn.sign(await event());
    clock.pass(300);
    expect(read(signed)).toHaveLength(1);
    clock.pass(1);
    expect(() => read(signed)).toThrow(WebhookError);
  });

  it.each([
    ['without a signature', {}],
    ['with a signature that is none', { 'stripe-signature': 'v1=' }],
    ['with an old scheme only', { 'stripe-signature': 't=1772366400,v0=00' }],
  ])('%s', async (_, headers) => {
    const { body } = fixture.standIn.sign(await event());
    expect(() => read({ body, headers })).toThrow(WebhookError);
  });

  it.each(['no JSON', '[]', 'null', '{"object":"event","id":"evt_1","type":"payment_intent.succeeded"}'])(
    'with a body that is no event: %s',
    (text) => {
      const time = Math.floor(clock.now().getTime() / 1000);
      const signature = createHmac('sha256', webhookSecret).update(`${time}.${text}`).digest('hex');
      const headers = { 'stripe-signature': `t=${time},v1=${signature}` };
      expect(() => read({ body: Buffer.from(text), headers })).toThrow(WebhookError);
    },
  );
});

it('the guide names the events that an endpoint needs, and Stripe has them', () => {
  const guide = readFileSync(new URL('../../../../docs/guides/stripe.md', import.meta.url), 'utf8');
  const named = new Set(guide.match(/(?:charge|payment_intent)\.[a-z_.]*[a-z]/g));
  expect([...named].sort()).toEqual([...stripeEventTypes].sort());
  expect(Object.keys(describedEvents)).toEqual(expect.arrayContaining([...stripeEventTypes]));
});
