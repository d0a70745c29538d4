import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  newPayment,
  noLimit,
  publishableKey,
  referenceOf,
  type StripeFixture,
  start,
  startStripe,
} from './fixtures.ts';

let fixture: StripeFixture;
beforeAll(async () => {
  fixture = await startStripe();
});
afterAll(() => fixture.standIn.stop());

describe('starting a payment', () => {
  it('makes a payment intent and hands its client secret to the shopper', async () => {
    const request = newPayment();
    const outcome = await fixture.provider.initiate(request, noLimit);
    const intent = fixture.standIn.intent(referenceOf(outcome));
    expect(outcome).toEqual({
      status: 'requires_action',
      action: { type: 'client_secret', clientSecret: intent.client_secret, publishableKey },
      reference: intent.id,
    });
    expect(intent).toMatchObject({
      amount: 4200,
      currency: 'eur',
      capture_method: 'automatic',
      description: 'Order T-10023456',
      metadata: { order_id: request.orderId, payment_key: request.key },
    });
    expect(fixture.standIn.exchanges.at(-1)).toMatchObject({
      idempotencyKey: request.key,
      apiVersion: '2026-10-28.endive',
      params: { automatic_payment_methods: { enabled: 'true' } },
    });
  });

  it('has a key for each try to pay an order', async () => {
    const first = newPayment();
    const one = await fixture.provider.initiate(first, noLimit);
    const two = await fixture.provider.initiate({ ...first, key: `${first.orderId}:2` }, noLimit);
    expect(referenceOf(two)).not.toBe(referenceOf(one));
    expect(fixture.standIn.intent(referenceOf(two)).metadata).toMatchObject({ order_id: first.orderId });
  });

  it('takes the token of the Payment Element only', () => {
    expect(fixture.provider.tokenProblem('payment_element')).toBeNull();
    expect(fixture.provider.tokenProblem('pm_card_visa')).toContain('payment_element');
  });

  it.each([
    ['ISK', 1500, 150_000],
    ['JPY', 1500, 1500],
    ['KWD', 5120, 5120],
    ['MGA', 250_000, 2500],
  ])('asks for %s in the units of Stripe', async (currency, amount, inItsUnits) => {
    const { reference } = await start(fixture.provider, { amount: { amount, currency } });
    expect(fixture.standIn.intent(reference)).toMatchObject({ amount: inItsUnits, currency: currency.toLowerCase() });
  });

  it.each([
    ['that Stripe cannot take exactly', { amount: 5124, currency: 'KWD' }],
    ['that is too small for Stripe', { amount: 10, currency: 'EUR' }],
    ['that is too large for Stripe', { amount: 1_000_000_00, currency: 'EUR' }],
  ])('is declined for an amount %s', async (_, amount) => {
    const outcome = await fixture.provider.initiate(newPayment({ amount }), noLimit);
    expect(outcome).toEqual({ status: 'declined', reason: 'payment_declined' });
  });
});

describe('a payment that the shopper makes', () => {
  it('is captured once the card was accepted', async () => {
    const payment = await start(fixture.provider);
    expect(await fixture.provider.authorize(payment, noLimit)).toMatchObject({ status: 'requires_action' });
    fixture.standIn.confirm(payment.reference, 'succeeds');
    expect(await fixture.provider.authorize(payment, noLimit)).toEqual({
      status: 'captured',
      reference: payment.reference,
    });
  });

  it('waits for 3-D Secure', async () => {
    const payment = await start(fixture.provider);
    fixture.standIn.confirm(payment.reference, 'needs_3d_secure');
    expect(await fixture.provider.authorize(payment, noLimit)).toMatchObject({ status: 'requires_action' });
    fixture.standIn.settle(payment.reference, true);
    expect(await fixture.provider.authorize(payment, noLimit)).toMatchObject({ status: 'captured' });
  });

  it('may be tried again with another card after the first was declined', async () => {
    const payment = await start(fixture.provider);
    fixture.standIn.confirm(payment.reference, 'declined');
    expect(await fixture.provider.authorize(payment, noLimit)).toMatchObject({
      status: 'requires_action',
      action: { clientSecret: fixture.standIn.intent(payment.reference).client_secret },
    });
    fixture.standIn.confirm(payment.reference, 'succeeds');
    expect(await fixture.provider.authorize(payment, noLimit)).toMatchObject({ status: 'captured' });
  });

  it('is unknown while the bank takes its time', async () => {
    const payment = await start(fixture.provider);
    fixture.standIn.confirm(payment.reference, 'processing');
    expect(await fixture.provider.authorize(payment, noLimit)).toEqual({ status: 'unknown' });
    fixture.standIn.settle(payment.reference, true);
    expect(await fixture.provider.authorize(payment, noLimit)).toMatchObject({ status: 'captured' });
  });

  it('is an error, not paid, where another amount was received than was asked for', async () => {
    const payment = await start(fixture.provider);
    fixture.standIn.confirm(payment.reference, 'succeeds');
    const intent = fixture.standIn.intent(payment.reference);
    intent.amount_received = 4100;
    await expect(fixture.provider.authorize(payment, noLimit)).rejects.toThrow('but 4100 came in');
    // The intent itself was changed.
    intent.amount = 4100;
    await expect(fixture.provider.authorize(payment, noLimit)).rejects.toThrow('the payment over 4200 EUR');
    Object.assign(intent, { amount: 4200, amount_received: 4200, currency: 'usd' });
    await expect(fixture.provider.authorize(payment, noLimit)).rejects.toThrow('is over 4200 usd');
  });
});

describe('a payment that is authorised first', () => {
  it('is captured when it is asked for, once', async () => {
    const payment = await start(fixture.provider, { capture: 'when_sent' });
    fixture.standIn.confirm(payment.reference, 'succeeds');
    const authorized = { status: 'authorized', reference: payment.reference };
    expect(await fixture.provider.authorize(payment, noLimit)).toEqual(authorized);
    expect(await fixture.provider.readTotals?.(payment, noLimit)).toEqual({ captured: 0, refunded: 0, fee: 0 });
    const captured = { status: 'captured', reference: payment.reference };
    expect(await fixture.provider.capture(payment, noLimit)).toEqual(captured);
    expect(await fixture.provider.capture(payment, noLimit)).toEqual(captured);
    expect(await fixture.provider.readTotals?.(payment, noLimit)).toEqual({ captured: 4200, refunded: 0, fee: 88 });
  });

  it('is voided where the authorisation was cancelled before', async () => {
    const payment = await start(fixture.provider, { capture: 'when_sent' });
    fixture.standIn.confirm(payment.reference, 'succeeds');
    expect(await fixture.provider.cancel(payment, noLimit)).toEqual({ status: 'voided' });
    expect(await fixture.provider.capture(payment, noLimit)).toEqual({ status: 'voided' });
    expect(await fixture.provider.readTotals?.(payment, noLimit)).toMatchObject({ captured: 0 });
  });

  it('cannot be captured before the shopper has paid', async () => {
    const payment = await start(fixture.provider, { capture: 'when_sent' });
    await expect(fixture.provider.capture(payment, noLimit)).rejects.toThrow('payment_intent_unexpected_state');
  });
});

describe('cancelling', () => {
  it('ends a payment, so that nothing can be taken', async () => {
    const payment = await start(fixture.provider);
    expect(await fixture.provider.cancel(payment, noLimit)).toEqual({ status: 'voided' });
    expect(await fixture.provider.cancel(payment, noLimit)).toEqual({ status: 'voided' });
    expect(() => fixture.standIn.confirm(payment.reference, 'succeeds')).toThrow('canceled');
    expect(await fixture.provider.authorize(payment, noLimit)).toEqual({ status: 'voided' });
  });

  it('reports that the shopper was faster', async () => {
    const payment = await start(fixture.provider);
    fixture.standIn.confirm(payment.reference, 'succeeds');
    expect(await fixture.provider.cancel(payment, noLimit)).toEqual({
      status: 'captured',
      reference: payment.reference,
    });
  });

  it('is unknown while the bank decides, and decided afterwards', async () => {
    const payment = await start(fixture.provider);
    fixture.standIn.confirm(payment.reference, 'processing');
    expect(await fixture.provider.cancel(payment, noLimit)).toEqual({ status: 'unknown' });
    fixture.standIn.settle(payment.reference, false);
    expect(await fixture.provider.cancel(payment, noLimit)).toEqual({ status: 'voided' });
  });

  it('is voided for an amount that Stripe never took', async () => {
    for (const amount of [5124, 10]) {
      const payment = newPayment({ amount: { amount, currency: 'KWD' } });
      expect(await fixture.provider.cancel(payment, noLimit)).toEqual({ status: 'voided' });
    }
  });
});
