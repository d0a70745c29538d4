import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planLines, statusOfPaid, unsentUnits } from './fulfilment.ts';
import { isSettled, type Order, type OrderLine } from './order.ts';
import type { OrderInput } from './order-input.ts';
import type { WantedLine } from './pricing.ts';
import { planRefund, type RefundRequest } from './refund.ts';
import { transition } from './transition.ts';

const line = (over: Partial<OrderLine> = {}): OrderLine => ({
  sku: 'MUG',
  productId: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11',
  sellerId: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d12',
  title: 'Mug',
  quantity: 2,
  unitPrice: { amount: 500, currency: 'EUR' },
  priceVersion: 1,
  fulfilled: 0,
  refunded: 0,
  withdrawn: 0,
  ...over,
});

const order = (over: Partial<Order> = {}): Order => ({
  id: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d13',
  customerId: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d14',
  number: 10_000_001,
  cartId: null,
  status: 'pending',
  version: 1,
  total: { amount: 1000, currency: 'EUR' },
  captured: 0,
  refunded: 0,
  cancelRequested: false,
  reason: null,
  paymentProvider: 'sandbox',
  paymentToken: 'ok',
  paymentAttempts: 0,
  shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: '1', country: 'DE' },
  reservedAt: null,
  traceparent: null,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  lines: [line()],
  ...over,
});

const apply = (before: Order, input: OrderInput): Order => {
  const outcome = transition(before, input);
  if (outcome.kind === 'unchanged') return before;
  return {
    ...before,
    status: outcome.status,
    lines: outcome.lines ?? before.lines,
    captured: outcome.captured ?? before.captured,
    refunded: before.refunded + (outcome.refund ?? 0),
    cancelRequested: outcome.cancelRequested ?? before.cancelRequested,
    // What the payment task does before it asks the provider.
    paymentAttempts: outcome.status === 'reserved' ? 1 : before.paymentAttempts,
  };
};

const run = (inputs: readonly OrderInput[], from = order()): Order => inputs.reduce(apply, from);

describe('the way of an order', () => {
  it('goes from pending to delivered', () => {
    const statuses: string[] = [];
    let current = order();
    for (const input of [
      { type: 'stock_reserved' },
      { type: 'payment_captured' },
      { type: 'lines_fulfilled', lines: [{ sku: 'MUG', quantity: 1 }] },
      { type: 'lines_fulfilled', lines: [{ sku: 'MUG', quantity: 1 }] },
      { type: 'delivered' },
    ] as const) {
      current = apply(current, input);
      statuses.push(current.status);
    }
    expect(statuses).toEqual(['reserved', 'confirmed', 'confirmed', 'fulfilled', 'delivered']);
  });

  it('ends as rejected without stock, and as cancelled without payment', () => {
    expect(run([{ type: 'stock_rejected', reason: 'MUG: insufficient_stock' }]).status).toBe('rejected');
    expect(run([{ type: 'stock_reserved' }, { type: 'payment_declined', reason: 'declined' }]).status).toBe(
      'cancelled',
    );
  });

  it('tells product to let go of the stock when it is cancelled, and to sell it when it is paid', () => {
    expect(transition(order({ status: 'reserved' }), { type: 'payment_captured' }).emit).toEqual([
      'order.confirmed.v1',
    ]);
    expect(transition(order(), { type: 'cancel_requested', by: 'customer' }).emit).toEqual(['order.cancelled.v1']);
  });

  it('waits for the provider when it is cancelled while it is being paid, and gives the money back', () => {
    const asked = run(
      [{ type: 'cancel_requested', by: 'customer' }],
      order({ status: 'reserved', paymentAttempts: 1 }),
    );
    expect(asked).toMatchObject({ status: 'reserved', cancelRequested: true });
    expect(apply(asked, { type: 'payment_captured' })).toMatchObject({
      status: 'cancelled',
      captured: 1000,
      refunded: 1000,
    });
    expect(apply(asked, { type: 'payment_voided' })).toMatchObject({ status: 'cancelled', captured: 0, refunded: 0 });
  });

  it('refunds a paid order that is cancelled before anything was sent, and refuses after', () => {
    const paid = order({ status: 'confirmed', captured: 1000 });
    expect(apply(paid, { type: 'cancel_requested', by: 'customer' })).toMatchObject({
      status: 'cancelled',
      refunded: 1000,
    });
    const sent = { ...paid, lines: [line({ fulfilled: 1 })] };
    expect(transition(sent, { type: 'cancel_requested', by: 'customer' }).kind).toBe('unchanged');
  });

  it('answers product about an expired reservation as often as it is asked', () => {
    const ask: OrderInput = { type: 'reservation_expired' };
    expect(transition(order(), ask)).toMatchObject({ kind: 'changed', status: 'reserved' });
    expect(transition(order({ status: 'reserved' }), ask)).toEqual({ kind: 'unchanged', emit: [] });
    expect(transition(order({ status: 'cancelled' }), ask).emit).toEqual(['order.cancelled.v1']);
    for (const status of ['confirmed', 'fulfilled', 'delivered', 'refunded'] as const) {
      expect(transition(order({ status, captured: 1000 }), ask).emit).toEqual(['order.confirmed.v1']);
    }
  });
});

describe('an order that is paid', () => {
  const lines = [line({ sku: 'MUG', quantity: 1 }), line({ sku: 'TEA', quantity: 1 })];
  const paid = order({ status: 'confirmed', captured: 1000, lines });
  const send = (sku: string): Step => ({ send: [{ sku, quantity: 1 }] });
  const refund = (sku: string): Step => ({ refund: { lines: [{ sku, quantity: 1 }] } });

  it('is fulfilled once nothing is left to send, in either order', () => {
    expect([send('MUG'), refund('TEA')].reduce(take, paid)).toMatchObject({ status: 'fulfilled', refunded: 500 });
    expect([refund('TEA'), send('MUG')].reduce(take, paid)).toMatchObject({ status: 'fulfilled', refunded: 500 });
  });

  it('is refunded when all of its money went back, by lines or by amount, and then nothing is left to send', () => {
    for (const steps of [
      [refund('TEA'), refund('MUG')],
      [{ refund: { amount: 1000 } }],
      [{ refund: { amount: 300 } }, { refund: {} }],
    ]) {
      const end = steps.reduce<Order>(take, paid);
      expect(end).toMatchObject({ status: 'refunded', refunded: 1000 });
      expect(end.lines.map(unsentUnits)).toEqual([0, 0]);
    }
  });

  it('is refunded when no unit is left to send and none was sent, although some money was kept', () => {
    const kept = take(paid, { refund: { lines: lines.map(({ sku }) => ({ sku, quantity: 1 })), amount: 900 } });
    expect(kept).toMatchObject({ status: 'refunded', refunded: 900 });
    expect(take(kept, { refund: { amount: 100 } })).toMatchObject({ status: 'refunded', refunded: 1000 });
  });

  it('can withdraw units that cost nothing', () => {
    const gift = line({ sku: 'GIFT', quantity: 1, unitPrice: { amount: 0, currency: 'EUR' } });
    const withGift = { ...paid, lines: [...lines, gift] };
    const end = [send('MUG'), send('TEA'), refund('GIFT')].reduce(take, withGift);
    expect(end).toMatchObject({ status: 'fulfilled', refunded: 0 });
    expect(take(end, refund('GIFT'))).toBe(end);
  });
});

/** Something that is asked of a paid order; what cannot be planned changes nothing. */
type Step = { send: WantedLine[] } | { refund: RefundRequest };

function take(before: Order, step: Step): Order {
  if ('send' in step) {
    const plan = planLines(before, step.send, null, unsentUnits);
    return plan.ok ? apply(before, { type: 'lines_fulfilled', lines: plan.lines }) : before;
  }
  const plan = planRefund(before, step.refund, null);
  return plan.ok ? apply(before, { type: 'refund_booked', ...plan }) : before;
}

const wantedLines = fc.uniqueArray(
  fc.record({ sku: fc.constantFrom('MUG', 'TEA', 'GIFT'), quantity: fc.integer({ min: 1, max: 3 }) }),
  { minLength: 1, selector: ({ sku }) => sku },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ send: wantedLines }),
  fc.record({
    refund: fc.record({ lines: wantedLines, amount: fc.integer({ min: 1, max: 2500 }) }, { requiredKeys: [] }),
  }),
);
const manyLines = [
  line({ sku: 'MUG', quantity: 3 }),
  line({ sku: 'TEA', quantity: 1 }),
  line({ sku: 'GIFT', quantity: 2, unitPrice: { amount: 0, currency: 'EUR' } }),
];

describe('any sequence of parcels and refunds', () => {
  it('never sends and withdraws more units than were ordered, and gives the status that the lines have', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const total = { amount: 2000, currency: 'EUR' };
        const end = steps.reduce<Order>(take, order({ status: 'confirmed', captured: 2000, total, lines: manyLines }));
        for (const one of end.lines) {
          expect(one.fulfilled + one.withdrawn).toBeLessThanOrEqual(one.quantity);
          expect(one.withdrawn).toBeLessThanOrEqual(one.refunded);
          expect(one.refunded).toBeLessThanOrEqual(one.quantity);
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
    { type: 'payment_captured' },
    { type: 'payment_declined', reason: 'declined' },
    { type: 'payment_voided' },
    { type: 'cancel_requested', by: 'customer' },
    { type: 'never_reserved' },
    { type: 'lines_fulfilled', lines: [{ sku: 'MUG', quantity: 1 }] },
    { type: 'delivered' },
  ),
  fc
    .integer({ min: -10, max: 1500 })
    .map((amount): OrderInput => ({ type: 'refund_booked', amount, lines: [], withdrawn: [] })),
);

describe('any sequence of inputs, repeated and reordered', () => {
  it('never gives back more than was taken, and takes the total or nothing', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        const end = run(inputs);
        expect(end.refunded).toBeLessThanOrEqual(end.captured);
        expect([0, end.total.amount]).toContain(end.captured);
      }),
    );
  });

  it('never leaves a settled order for an unsettled one, nor a dead end at all', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        let current = order();
        for (const next of inputs) {
          const after = apply(current, next);
          if (isSettled(current.status)) expect(isSettled(after.status)).toBe(true);
          if (['rejected', 'cancelled', 'refunded'].includes(current.status)) expect(after.status).toBe(current.status);
          current = after;
        }
      }),
    );
  });

  it('emits a sale or a release at the first time only, but for the answers to product', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        let current = order();
        const emitted: string[] = [];
        for (const next of inputs) {
          if (next.type !== 'reservation_expired') emitted.push(...transition(current, next).emit);
          current = apply(current, next);
        }
        expect(emitted.filter((type) => type === 'order.confirmed.v1').length).toBeLessThanOrEqual(1);
        expect(emitted.filter((type) => type === 'order.cancelled.v1').length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('keeps the money of whoever is to get the goods, and of nobody else', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        const end = run(inputs);
        const kept = end.captured - end.refunded;
        if (end.status === 'cancelled' || end.status === 'rejected') expect(kept).toBe(0);
        if (end.status === 'pending' || end.status === 'reserved') expect(end.captured).toBe(0);
        if (['confirmed', 'fulfilled', 'delivered'].includes(end.status)) expect(kept).toBeGreaterThan(0);
      }),
    );
  });
});
