import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stripeProvider } from '../../src/payments/stripe.ts';
import {
  newPayment,
  noLimit,
  publishableKey,
  referenceOf,
  type StripeFixture,
  secretKey,
  start,
  startStripe,
  webhookSecret,
} from './fixtures.ts';

let fixture: StripeFixture;
beforeEach(async () => {
  fixture = await startStripe();
});
afterEach(() => fixture.standIn.stop());

const created = () => fixture.standIn.events.filter(({ type }) => type === 'payment_intent.created').length;
const faults = [
  { when: 'before', what: 'error' },
  { when: 'before', what: 'disconnect' },
  { when: 'after', what: 'disconnect' },
] as const;

describe('an answer that is lost', () => {
  it.each(faults)('makes one payment intent in the end ($when, $what)', async (fault) => {
    const request = newPayment();
    fixture.standIn.failNext(fault);
    await expect(fixture.provider.initiate(request, noLimit)).rejects.toThrow();
    expect(await fixture.provider.initiate(request, noLimit)).toMatchObject({ status: 'requires_action' });
    expect(created()).toBe(1);
  });

  it('reports what the shopper did meanwhile, although Stripe repeats its first answer', async () => {
    const request = newPayment();
    const { reference } = await start(fixture.provider, request);
    fixture.standIn.confirm(reference, 'succeeds');
    expect(await fixture.provider.initiate(request, noLimit)).toEqual({ status: 'captured', reference });
    expect(created()).toBe(1);
  });

  it('ends with the signal where Stripe does not answer', async () => {
    const other = await start(fixture.provider);
    const request = newPayment();
    const limit = new AbortController();
    fixture.standIn.failNext({ when: 'after', what: 'silence' });
    const outcome = fixture.provider.initiate(request, limit.signal).catch(String);
    await expect.poll(created).toBe(2);
    limit.abort();
    // At once, and not by a limit of the SDK: before another call can be answered.
    const another = fixture.provider.authorize(other, noLimit);
    expect(await Promise.race([outcome, another])).toContain('Stripe did not answer in time');
    expect(await fixture.provider.initiate(request, noLimit)).toMatchObject({ status: 'requires_action' });
    expect(created()).toBe(2);
  });

  it('does not send what was aborted before', async () => {
    await expect(fixture.provider.initiate(newPayment(), AbortSignal.abort())).rejects.toThrow(
      'did not answer in time',
    );
    expect(fixture.standIn.exchanges).toEqual([]);
  });

  it('captures once', async () => {
    const payment = await start(fixture.provider, { capture: 'when_sent' });
    fixture.standIn.confirm(payment.reference, 'succeeds');
    fixture.standIn.failNext({ when: 'after', what: 'disconnect' });
    await expect(fixture.provider.capture(payment, noLimit)).rejects.toThrow();
    expect(await fixture.provider.capture(payment, noLimit)).toMatchObject({ status: 'captured' });
    expect(await fixture.provider.readTotals?.(payment, noLimit)).toMatchObject({ captured: 4200 });
  });
});

/** The process died after Stripe had made the payment intent, and before its reference was written. */
describe('a payment whose reference was not recorded', () => {
  it('is cancelled', async () => {
    const request = newPayment();
    const reference = referenceOf(await fixture.provider.initiate(request, noLimit));
    expect(await fixture.provider.cancel(request, noLimit)).toEqual({ status: 'voided' });
    expect(fixture.standIn.intent(reference).status).toBe('canceled');
    expect(created()).toBe(1);
  });

  it('is not called cancelled before the search finds it', async () => {
    const request = newPayment();
    const reference = referenceOf(await fixture.provider.initiate(request, noLimit));
    fixture.standIn.setSearchBehind(true);
    await expect(fixture.provider.cancel(request, noLimit)).rejects.toThrow('knows no payment intent');
    expect(await fixture.provider.authorize(request, noLimit)).toEqual({ status: 'unknown' });
    fixture.standIn.setSearchBehind(false);
    expect(await fixture.provider.authorize(request, noLimit)).toMatchObject({ status: 'requires_action', reference });
    expect(await fixture.provider.cancel(request, noLimit)).toEqual({ status: 'voided' });
  });

  it('reports that it was paid', async () => {
    const request = newPayment();
    fixture.standIn.confirm(referenceOf(await fixture.provider.initiate(request, noLimit)), 'succeeds');
    expect(await fixture.provider.cancel(request, noLimit)).toMatchObject({ status: 'captured' });
  });

  it('cannot begin after it was cancelled, when the first request arrives late', async () => {
    const request = newPayment();
    expect(await fixture.provider.cancel(request, noLimit)).toEqual({ status: 'voided' });
    expect(await fixture.provider.initiate(request, noLimit)).toEqual({ status: 'voided' });
    expect(created()).toBe(1);
  });

  it('is not called cancelled while the first request is under way', async () => {
    const request = newPayment();
    const goOn = fixture.standIn.holdNext();
    const late = fixture.provider.initiate(request, noLimit);
    // Stripe has the key of the first request, and refuses others with it until that is done.
    await expect.poll(fixture.standIn.requestsUnderWay).toBe(1);
    await expect(fixture.provider.cancel(request, noLimit)).rejects.toThrow();
    goOn();
    const reference = referenceOf(await late);
    expect(await fixture.provider.cancel(request, noLimit)).toEqual({ status: 'voided' });
    expect(fixture.standIn.intent(reference).status).toBe('canceled');
    expect(created()).toBe(1);
  });

  it('is cancelled by a repeated call, where the answer to the first was lost', async () => {
    const request = newPayment();
    fixture.standIn.failNext({ when: 'after', what: 'disconnect' });
    await expect(fixture.provider.cancel(request, noLimit)).rejects.toThrow();
    expect(await fixture.provider.cancel(request, noLimit)).toEqual({ status: 'voided' });
    expect(fixture.standIn.events.map(({ type }) => type)).toEqual([
      'payment_intent.created',
      'payment_intent.canceled',
    ]);
  });

  it('leaves a payment intent that nobody can pay, when Stripe has forgotten the key', async () => {
    const request = newPayment();
    await fixture.provider.initiate(request, noLimit);
    fixture.standIn.forgetIdempotencyKeys();
    expect(await fixture.provider.cancel(request, noLimit)).toEqual({ status: 'voided' });
  });
});

describe('errors', () => {
  it('never show a secret', async () => {
    const payment = await start(fixture.provider, { capture: 'when_sent' });
    const wrongKey = 'sk_test_anotherAccount9876543210';
    const apiUrl = fixture.standIn.url;
    const stranger = stripeProvider({ secretKey: wrongKey, publishableKey, webhookSecret, apiUrl });
    const errors = await Promise.all([
      fixture.provider.capture(payment, noLimit).catch((error: unknown) => error),
      stranger.authorize(payment, noLimit).catch((error: unknown) => error),
    ]);
    const shown = errors.map((error) => JSON.stringify(error, Object.getOwnPropertyNames(error))).join();
    expect(shown).toContain('payment_intent_unexpected_state');
    expect(shown).toContain('Stripe answered 401');
    expect(shown).not.toMatch(/sk_test|_secret_/);
    expect(shown).not.toContain(secretKey.slice(-4));
  });

  it('of another account, or of a payment that is not there, are thrown', async () => {
    await expect(fixture.provider.authorize({ ...newPayment(), reference: 'pi_unknown' }, noLimit)).rejects.toThrow(
      'resource_missing',
    );
  });

  it('report that Stripe cannot be reached', async () => {
    await fixture.standIn.stop();
    await expect(fixture.provider.initiate(newPayment(), noLimit)).rejects.toThrow(
      /^Stripe cannot be reached.*ECONNREFUSED/,
    );
  });
});
