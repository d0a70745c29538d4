import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stripeProvider } from '../../src/payments/stripe.ts';
import {
  newPayment,
  noLimit,
  publishableKey,
  referenceOf,
  type StripeBed,
  secretKey,
  start,
  startStripe,
  webhookSecret,
} from './fixtures.ts';

let bed: StripeBed;
beforeEach(async () => {
  bed = await startStripe();
});
afterEach(() => bed.standIn.stop());

const created = () => bed.standIn.events.filter(({ type }) => type === 'payment_intent.created').length;
const faults = [
  { when: 'before', what: 'error' },
  { when: 'before', what: 'disconnect' },
  { when: 'after', what: 'disconnect' },
] as const;

describe('an answer that is lost', () => {
  it.each(faults)('makes one payment intent in the end ($when, $what)', async (fault) => {
    const request = newPayment();
    bed.standIn.failNext(fault);
    await expect(bed.provider.initiate(request, noLimit)).rejects.toThrow();
    expect(await bed.provider.initiate(request, noLimit)).toMatchObject({ status: 'requires_action' });
    expect(created()).toBe(1);
  });

  it('tells what the shopper did meanwhile, although Stripe repeats its first answer', async () => {
    const request = newPayment();
    const { reference } = await start(bed.provider, request);
    bed.standIn.confirm(reference, 'succeeds');
    expect(await bed.provider.initiate(request, noLimit)).toEqual({ status: 'captured', reference });
    expect(created()).toBe(1);
  });

  it('ends with the signal where Stripe does not answer', async () => {
    const other = await start(bed.provider);
    const request = newPayment();
    const limit = new AbortController();
    bed.standIn.failNext({ when: 'after', what: 'silence' });
    const outcome = bed.provider.initiate(request, limit.signal).catch(String);
    await expect.poll(created).toBe(2);
    limit.abort();
    // At once, and not by a limit of the SDK: before another call can be answered.
    const another = bed.provider.authorize(other, noLimit);
    expect(await Promise.race([outcome, another])).toContain('Stripe did not answer in time');
    expect(await bed.provider.initiate(request, noLimit)).toMatchObject({ status: 'requires_action' });
    expect(created()).toBe(2);
  });

  it('does not send what was aborted before', async () => {
    await expect(bed.provider.initiate(newPayment(), AbortSignal.abort())).rejects.toThrow('did not answer in time');
    expect(bed.standIn.exchanges).toEqual([]);
  });

  it('captures once', async () => {
    const payment = await start(bed.provider, { capture: 'when_sent' });
    bed.standIn.confirm(payment.reference, 'succeeds');
    bed.standIn.failNext({ when: 'after', what: 'disconnect' });
    await expect(bed.provider.capture(payment, noLimit)).rejects.toThrow();
    expect(await bed.provider.capture(payment, noLimit)).toMatchObject({ status: 'captured' });
    expect(await bed.provider.readTotals?.(payment, noLimit)).toMatchObject({ captured: 4200 });
  });
});

/** The process died after Stripe had made the payment intent, and before its reference was written. */
describe('a payment whose reference was not recorded', () => {
  it('is cancelled', async () => {
    const request = newPayment();
    const reference = referenceOf(await bed.provider.initiate(request, noLimit));
    expect(await bed.provider.cancel(request, noLimit)).toEqual({ status: 'voided' });
    expect(bed.standIn.intent(reference).status).toBe('canceled');
    expect(created()).toBe(1);
  });

  it('is not called cancelled before the search finds it', async () => {
    const request = newPayment();
    const reference = referenceOf(await bed.provider.initiate(request, noLimit));
    bed.standIn.setSearchBehind(true);
    await expect(bed.provider.cancel(request, noLimit)).rejects.toThrow('knows no payment intent');
    expect(await bed.provider.authorize(request, noLimit)).toEqual({ status: 'unknown' });
    bed.standIn.setSearchBehind(false);
    expect(await bed.provider.authorize(request, noLimit)).toMatchObject({ status: 'requires_action', reference });
    expect(await bed.provider.cancel(request, noLimit)).toEqual({ status: 'voided' });
  });

  it('tells that it was paid', async () => {
    const request = newPayment();
    bed.standIn.confirm(referenceOf(await bed.provider.initiate(request, noLimit)), 'succeeds');
    expect(await bed.provider.cancel(request, noLimit)).toMatchObject({ status: 'captured' });
  });

  it('cannot begin after it was cancelled, when the first request arrives late', async () => {
    const request = newPayment();
    expect(await bed.provider.cancel(request, noLimit)).toEqual({ status: 'voided' });
    expect(await bed.provider.initiate(request, noLimit)).toEqual({ status: 'voided' });
    expect(created()).toBe(1);
  });

  it('is not called cancelled while the first request is under way', async () => {
    const request = newPayment();
    const goOn = bed.standIn.holdNext();
    const late = bed.provider.initiate(request, noLimit);
    // Stripe has the key of the first request, and refuses others with it until that is done.
    await expect.poll(bed.standIn.requestsUnderWay).toBe(1);
    await expect(bed.provider.cancel(request, noLimit)).rejects.toThrow();
    goOn();
    const reference = referenceOf(await late);
    expect(await bed.provider.cancel(request, noLimit)).toEqual({ status: 'voided' });
    expect(bed.standIn.intent(reference).status).toBe('canceled');
    expect(created()).toBe(1);
  });

  it('is cancelled by a repeated call, where the answer to the first was lost', async () => {
    const request = newPayment();
    bed.standIn.failNext({ when: 'after', what: 'disconnect' });
    await expect(bed.provider.cancel(request, noLimit)).rejects.toThrow();
    expect(await bed.provider.cancel(request, noLimit)).toEqual({ status: 'voided' });
    expect(bed.standIn.events.map(({ type }) => type)).toEqual(['payment_intent.created', 'payment_intent.canceled']);
  });

  it('leaves a payment intent that nobody can pay, when Stripe has forgotten the key', async () => {
    const request = newPayment();
    await bed.provider.initiate(request, noLimit);
    bed.standIn.forgetIdempotencyKeys();
    expect(await bed.provider.cancel(request, noLimit)).toEqual({ status: 'voided' });
  });
});

describe('errors', () => {
  it('never show a secret', async () => {
    const payment = await start(bed.provider, { capture: 'when_sent' });
    const wrongKey = 'sk_test_anotherAccount9876543210';
    const apiUrl = bed.standIn.url;
    const stranger = stripeProvider({ secretKey: wrongKey, publishableKey, webhookSecret, apiUrl });
    const errors = await Promise.all([
      bed.provider.capture(payment, noLimit).catch((error: unknown) => error),
      stranger.authorize(payment, noLimit).catch((error: unknown) => error),
    ]);
    const shown = errors.map((error) => JSON.stringify(error, Object.getOwnPropertyNames(error))).join();
    expect(shown).toContain('payment_intent_unexpected_state');
    expect(shown).toContain('Stripe answered 401');
    expect(shown).not.toMatch(/sk_test|_secret_/);
    expect(shown).not.toContain(secretKey.slice(-4));
  });

  it('of another account, or of a payment that is not there, are thrown', async () => {
    await expect(bed.provider.authorize({ ...newPayment(), reference: 'pi_unknown' }, noLimit)).rejects.toThrow(
      'resource_missing',
    );
  });

  it('tell that Stripe cannot be reached', async () => {
    await bed.standIn.stop();
    await expect(bed.provider.initiate(newPayment(), noLimit)).rejects.toThrow(
      /^Stripe cannot be reached.*ECONNREFUSED/,
    );
  });
});
