import { uuidv7 } from '@tradepost/postgres/uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StartedPayment } from '../../src/payments/provider.ts';
import { noLimit, type StripeFixture, start, startStripe } from './fixtures.ts';

let fixture: StripeFixture;
let payment: StartedPayment & { reference: string };
beforeEach(async () => {
  fixture = await startStripe();
  payment = await paid();
});
afterEach(() => fixture.standIn.stop());

async function paid(amount = { amount: 4200, currency: 'EUR' }) {
  const made = await start(fixture.provider, { amount });
  fixture.standIn.confirm(made.reference, 'succeeds');
  return made;
}

const refund = (amount: number, key = uuidv7()) =>
  fixture.provider.refund({ key, payment, amount: { amount, currency: payment.amount.currency } }, noLimit);
const totals = () => fixture.provider.readTotals?.(payment, noLimit);

describe('refunds', () => {
  it('give back a part, and then the rest', async () => {
    await refund(1000);
    expect(await totals()).toEqual({ captured: 4200, refunded: 1000, fee: 88 });
    await refund(3200);
    expect(await totals()).toEqual({ captured: 4200, refunded: 4200, fee: 88 });
    expect(fixture.standIn.refunds(payment.reference).map(({ amount }) => amount)).toEqual([1000, 3200]);
  });

  it('are made once for a key, also where the answer was lost', async () => {
    const key = uuidv7();
    for (const when of ['before', 'after'] as const) {
      fixture.standIn.failNext({ when, what: 'disconnect', method: 'POST' });
      await expect(refund(1000, key)).rejects.toThrow();
    }
    await refund(1000, key);
    await refund(1000, key);
    expect(fixture.standIn.refunds(payment.reference)).toHaveLength(1);
  });

  it('are made once for a key while the first request is still under way', async () => {
    const key = uuidv7();
    const results = await Promise.allSettled([refund(1000, key), refund(1000, key), refund(1000, key)]);
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(fixture.standIn.refunds(payment.reference)).toHaveLength(1);
  });

  it('are made once for a key that Stripe has forgotten', async () => {
    const key = uuidv7();
    await refund(1000, key);
    fixture.standIn.forgetIdempotencyKeys();
    await refund(1000, key);
    expect(fixture.standIn.refunds(payment.reference)).toHaveLength(1);
  });

  it('are found again among many', async () => {
    await fixture.standIn.stop();
    fixture = await startStripe({ pageSize: 2 });
    payment = await paid();
    const key = uuidv7();
    await refund(10, key);
    for (let made = 0; made < 4; made += 1) await refund(10);
    fixture.standIn.forgetIdempotencyKeys();
    await refund(10, key);
    expect(fixture.standIn.refunds(payment.reference)).toHaveLength(5);
  });

  it('are done where all was given back in another way', async () => {
    await refund(4200);
    await refund(1000);
    expect(await totals()).toMatchObject({ refunded: 4200 });
  });

  it('give back no more than is left', async () => {
    await refund(4000);
    await expect(refund(1000)).rejects.toThrow('greater than unrefunded amount');
    expect(await totals()).toMatchObject({ refunded: 4000 });
  });

  it('may take their time', async () => {
    fixture.standIn.setRefundStatus('pending');
    const key = uuidv7();
    await refund(1000, key);
    await refund(1000, key);
    expect(await totals()).toMatchObject({ refunded: 1000 });
  });

  it('that fail are errors, and are not made a second time', async () => {
    fixture.standIn.setRefundStatus('failed');
    const key = uuidv7();
    await expect(refund(1000, key)).rejects.toThrow('is failed');
    await expect(refund(1000, key)).rejects.toThrow('is failed');
    expect(fixture.standIn.refunds(payment.reference)).toHaveLength(1);
  });

  it('count in the units of Stripe', async () => {
    payment = await paid({ amount: 1500, currency: 'ISK' });
    await refund(300);
    expect(fixture.standIn.refunds(payment.reference)[0]?.amount).toBe(30_000);
    expect(await totals()).toMatchObject({ captured: 1500, refunded: 300 });
  });
});

describe('totals', () => {
  it('have the fee in the currency of the payment, where the balance has another', async () => {
    await fixture.standIn.stop();
    // A dollar is 0.50 of the balance's currency: 10,000 are booked as 5,000, with a fee of 75 + 25.
    fixture = await startStripe({ settlement: { currency: 'gbp', rate: 0.5 } });
    payment = await paid({ amount: 10_000, currency: 'USD' });
    expect(await totals()).toEqual({ captured: 10_000, refunded: 0, fee: 200 });
  });

  it('are zero before the shopper has paid', async () => {
    payment = await start(fixture.provider);
    expect(await totals()).toEqual({ captured: 0, refunded: 0, fee: 0 });
  });
});
