import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyInput, applyInputs, makeLine, makeOrder, type OrderStep, takeStep } from '../../test/order-fixtures.ts';
import { statusOfPaid, unsentUnits } from './fulfilment.ts';
import { entriesOfChange, type LedgerAccount, type LedgerEntry } from './ledger.ts';
import { isSettled, type Order } from './order.ts';
import type { OrderInput } from './order-input.ts';
import { isFinal, transition } from './transition.ts';

const wantedLines = fc.uniqueArray(
  fc.record({ sku: fc.constantFrom('MUG', 'TEA', 'GIFT'), quantity: fc.integer({ min: 1, max: 3 }) }),
  { minLength: 1, selector: ({ sku }) => sku },
);
const step: fc.Arbitrary<OrderStep> = fc.oneof(
  fc.record({ send: wantedLines }),
  fc.record({
    refund: fc.record({ lines: wantedLines, amount: fc.integer({ min: 1, max: 2500 }) }, { requiredKeys: [] }),
  }),
  fc.record({ back: wantedLines, withRefund: fc.boolean() }),
);
const manyLines = [
  makeLine({ sku: 'MUG', quantity: 3 }),
  makeLine({ sku: 'TEA', quantity: 1 }),
  makeLine({ sku: 'GIFT', quantity: 2, unitPrice: { amount: 0, currency: 'EUR' } }),
];

describe('any sequence of parcels, returns and refunds', () => {
  it('never sends and cancels more units than were ordered, and gives the status that the lines have', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const total = { amount: 2000, currency: 'EUR' };
        const end = steps.reduce<Order>(
          takeStep,
          makeOrder({ status: 'confirmed', captured: 2000, total, lines: manyLines }),
        );
        for (const one of end.lines) {
          expect(one.fulfilled + one.withdrawn).toBeLessThanOrEqual(one.quantity);
          expect(one.withdrawn).toBeLessThanOrEqual(one.refunded);
          expect(one.refunded).toBeLessThanOrEqual(one.quantity);
          expect(one.returned).toBeLessThanOrEqual(one.fulfilled);
        }
        expect(end.refunded).toBeLessThanOrEqual(end.captured);
        expect(end.status).toBe(statusOfPaid(end));
        expect(end.status === 'confirmed').toBe(end.lines.some((one) => unsentUnits(one) > 0));
      }),
    );
  });
});

const input: fc.Arbitrary<OrderInput> = fc.oneof(
  fc.constantFrom<OrderInput>(
    { type: 'stock_reserved' },
    { type: 'stock_rejected', reason: 'MUG: insufficient_stock' },
    { type: 'reservation_expired' },
    { type: 'payment_captured', paymentTry: 1 },
    { type: 'payment_captured', paymentTry: 2 },
    { type: 'payment_authorized', paymentTry: 1 },
    { type: 'payment_authorized', paymentTry: 1, sendsFirst: true },
    { type: 'payment_requires_action', paymentTry: 1, action: { type: 'redirect', redirectUrl: '/bank' } },
    { type: 'payment_retried', provider: 'sandbox', token: 'ok' },
    { type: 'capture_requested' },
    { type: 'payment_declined', paymentTry: 1, reason: 'declined' },
    { type: 'payment_voided', paymentTry: 1 },
    { type: 'cancel_requested', by: 'customer' },
    { type: 'never_reserved' },
    { type: 'lines_fulfilled', lines: [{ sku: 'MUG', quantity: 1 }] },
    { type: 'delivered' },
    { type: 'goods_returned', lines: [{ sku: 'MUG', quantity: 1 }] },
  ),
  fc
    .integer({ min: -10, max: 1500 })
    .map((amount): OrderInput => ({ type: 'refund_booked', amount, lines: [], withdrawn: [] })),
);

describe('any sequence of inputs, repeated and reordered', () => {
  it('never gives back more than was taken, and takes the total or nothing', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        const end = applyInputs(inputs);
        expect(end.refunded).toBeLessThanOrEqual(end.captured);
        expect([0, end.total.amount]).toContain(end.captured);
      }),
    );
  });

  it('never leaves a settled order for an unsettled one, nor a dead end at all', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        let current = makeOrder();
        for (const next of inputs) {
          const after = applyInput(current, next);
          if (isSettled(current.status)) expect(isSettled(after.status)).toBe(true);
          if (['rejected', 'cancelled', 'refunded'].includes(current.status)) expect(after.status).toBe(current.status);
          current = after;
        }
      }),
    );
  });

  it('changes nothing of an order that is final, but for a payment that comes after its cancellation', () => {
    const newOrders = fc.tuple(fc.constant(makeOrder()), fc.array(input, { maxLength: 30 }));
    const total = { amount: 2000, currency: 'EUR' };
    const paid = makeOrder({ status: 'confirmed', captured: 2000, total, lines: manyLines });
    const paidOrders = fc.tuple(fc.constant(paid), fc.array(fc.oneof(step, step, input), { maxLength: 12 }));
    fc.assert(
      fc.property(fc.oneof(newOrders, paidOrders, paidOrders), ([begin, inputs]) => {
        let current = begin;
        for (const next of inputs) {
          const after = 'type' in next ? applyInput(current, next) : takeStep(current, next);
          const isLatePayment = current.status === 'cancelled' && 'type' in next && next.type === 'payment_captured';
          if (isFinal(current) && !isLatePayment) expect(after).toEqual(current);
          current = after;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('emits a sale or a release at the first time only, but for the answers to product', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        let current = makeOrder();
        const emitted: string[] = [];
        for (const next of inputs) {
          if (next.type !== 'reservation_expired') emitted.push(...transition(current, next).emit);
          current = applyInput(current, next);
        }
        expect(emitted.filter((type) => type === 'order.confirmed.v1').length).toBeLessThanOrEqual(1);
        expect(emitted.filter((type) => type === 'order.cancelled.v1').length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('keeps the money of whoever is to get the goods, and of nobody else', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        const end = applyInputs(inputs);
        const kept = end.captured - end.refunded;
        if (end.status === 'cancelled' || end.status === 'rejected') expect(kept).toBe(0);
        if (!isSettled(end.status)) expect(end.captured).toBe(0);
        if (['confirmed', 'fulfilled', 'delivered'].includes(end.status)) expect(kept).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the ledger', () => {
  it('says after any sequence of inputs what the order says', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        const entries: LedgerEntry[] = [];
        let current = makeOrder();
        for (const next of inputs) {
          const after = applyInput(current, next);
          if (after !== current) entries.push(...entriesOfChange(current, after, 'refund'));
          current = after;
        }
        const isPromised = current.status === 'authorized' && !current.sendsFirst;
        expect(balanceOf(entries, 'customer_payments')).toBe(current.refunded - current.captured);
        expect(balanceOf(entries, 'provider_balance')).toBe(current.captured);
        expect(balanceOf(entries, 'refunds_payable')).toBe(0 - current.refunded);
        expect(balanceOf(entries, 'authorized_funds')).toBe(isPromised ? current.total.amount : 0);
      }),
    );
  });
});

const balanceOf = (entries: readonly LedgerEntry[], account: LedgerAccount): number =>
  entries.reduce((sum, { debit, credit, amount }) => {
    if (debit === account) return sum + amount;
    return credit === account ? sum - amount : sum;
  }, 0);
