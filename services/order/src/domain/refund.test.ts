import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyInput } from '../../test/order-fixtures.ts';
import { lineTotal } from './line-worth.ts';
import type { Order, OrderLine } from './order.ts';
import { firstTry } from './payment.ts';
import { planRefund } from './refund.ts';

const line = (sku: string, quantity: number, amount: number, over: Partial<OrderLine> = {}): OrderLine => ({
  sku,
  productId: 'p',
  sellerId: 'alice',
  title: sku,
  quantity,
  unitPrice: { amount, currency: 'EUR' },
  priceVersion: 1,
  discount: 0,
  tax: 0,
  taxExemption: 0,
  fulfilled: 0,
  refunded: 0,
  withdrawn: 0,
  returned: 0,
  ...over,
});

const paid = (lines: OrderLine[], over: Partial<Order> = {}): Order => {
  const amount = lines.reduce((sum, one) => sum + one.quantity * one.unitPrice.amount, 0);
  return {
    id: 'o',
    customerId: 'c',
    number: 10_000_001,
    guestEmail: null,
    cartId: null,
    status: 'confirmed',
    version: 3,
    total: { amount, currency: 'EUR' },
    taxIncluded: true,
    shipping: null,
    adjustments: [],
    details: {},
    captured: amount,
    refunded: 0,
    cancelRequested: false,
    reason: null,
    paymentProvider: 'sandbox',
    paymentToken: 'ok',
    ...firstTry,
    paymentAttempts: 1,
    shippingAddress: { name: 'A', line1: 'B', city: 'C', postalCode: '1', country: 'DE' },
    reservedAt: null,
    payBy: null,
    traceparent: null,
    createdAt: new Date(0),
    updatedAt: new Date(0),
    lines,
    ...over,
  };
};

describe('planRefund', () => {
  it('gives all back without a word of what', () => {
    const plan = planRefund(paid([line('MUG', 2, 500), line('TEA', 1, 300)]), {}, null);
    expect(plan).toMatchObject({ ok: true, amount: 1300 });
    expect(plan.ok && plan.withdrawn).toHaveLength(2);
  });

  it('restocks what was not sent, and only that', () => {
    const order = paid([line('MUG', 3, 500, { fulfilled: 2 })]);
    const plan = planRefund(order, { lines: [{ sku: 'MUG', quantity: 2 }] }, null);
    expect(plan).toMatchObject({ ok: true, amount: 1000, withdrawn: [{ sku: 'MUG', quantity: 1 }] });
  });

  it('refuses more than is left, in money and in units', () => {
    const order = paid([line('MUG', 2, 500, { refunded: 1 })], { refunded: 500 });
    expect(planRefund(order, { amount: 501 }, null)).toMatchObject({ ok: false, code: 'refund_too_large' });
    expect(planRefund(order, { lines: [{ sku: 'MUG', quantity: 2 }] }, null)).toMatchObject({
      ok: false,
      errors: [{ field: '/lines/0/quantity' }],
    });
  });

  it('lets a seller decide about their own lines only', () => {
    const order = paid([line('MUG', 1, 500), line('TEA', 1, 300, { sellerId: 'bob' })]);
    expect(planRefund(order, {}, 'alice')).toMatchObject({ ok: true, amount: 500 });
    expect(planRefund(order, { amount: 700 }, 'alice')).toMatchObject({ ok: false, code: 'forbidden' });
    expect(planRefund(order, { lines: [{ sku: 'TEA', quantity: 1 }] }, 'alice')).toMatchObject({ ok: false });
    expect(planRefund(order, { lines: [{ sku: 'MUG', quantity: 1 }], amount: 501 }, 'alice')).toMatchObject({
      ok: false,
      code: 'refund_too_large',
    });
  });

  it('lets no seller withdraw units of others by giving back the last money', () => {
    const lines = (fulfilled: number) => [line('MUG', 1, 500), line('TEA', 1, 300, { sellerId: 'bob', fulfilled })];
    const mug = { lines: [{ sku: 'MUG', quantity: 1 }] };
    expect(planRefund(paid(lines(0), { refunded: 300 }), mug, 'alice')).toMatchObject({
      ...{ ok: false, code: 'unprocessable' },
    });
    expect(planRefund(paid(lines(0), { refunded: 300 }), mug, null)).toMatchObject({ ok: true, amount: 500 });
    expect(planRefund(paid(lines(1), { refunded: 300 }), mug, 'alice')).toMatchObject({ ok: true, amount: 500 });
  });

  it('plans multiples of what the provider gives back only, and all of a line in the end', () => {
    const order = paid([line('MUG', 3, 500, { discount: 500 })], { captured: 1000 });
    const amounts = [0, 1, 2].map((before) => {
      const part = { ...order, lines: order.lines.map((one) => ({ ...one, refunded: before })) };
      const plan = planRefund(part, { lines: [{ sku: 'MUG', quantity: 1 }] }, null, 10);
      return plan.ok ? plan.amount : 0;
    });
    expect(amounts).toEqual([330, 330, 340]);
    expect(planRefund(order, { amount: 15 }, null, 10)).toMatchObject({ ok: false, code: 'unprocessable' });
    expect(planRefund(order, { amount: 20 }, null, 10)).toMatchObject({ ok: true, amount: 20 });
  });

  it('never plans more than is left', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(1300), fc.boolean(), (asked, before, byLine) => {
        const order = paid([line('MUG', 2, 500), line('TEA', 1, 300)], { refunded: before });
        const plan = planRefund(order, byLine ? { lines: [{ sku: 'MUG', quantity: 2 }] } : { amount: asked + 1 }, null);
        if (plan.ok) expect(plan.amount).toBeLessThanOrEqual(1300 - before);
      }),
    );
  });
});

describe('an order with discounts, taxes and shipping', () => {
  const some = fc.array(
    fc.record({ quantity: fc.integer({ min: 1, max: 9 }), amount: fc.nat(5000), share: fc.nat(100), tax: fc.nat(900) }),
    {
      ...{ minLength: 1, maxLength: 4 },
    },
  );

  /** Refunds units of the lines in parts, then all that is left. */
  function refundInParts(order: Order, parts: readonly number[]): { byLine: number; order: Order } {
    let at = order;
    for (const part of parts) {
      const [index, quantity] = [part % order.lines.length, 1 + (part % 3)];
      const plan = planRefund(at, { lines: [{ sku: `S${index}`, quantity }] }, null);
      if (plan.ok) at = applyInput(at, { type: 'refund_booked', ...plan });
    }
    const byLine = at.refunded;
    const rest = planRefund(at, {}, null);
    return { byLine, order: rest.ok ? applyInput(at, { type: 'refund_booked', ...rest }) : at };
  }

  it('is refunded to the minor unit, in any parts', () => {
    fc.assert(
      fc.property(
        some,
        fc.boolean(),
        fc.nat(2000),
        fc.array(fc.nat(50), { maxLength: 60 }),
        (lines, taxIncluded, shipping, parts) => {
          const priced = lines.map(({ quantity, amount, share, tax }, i) =>
            line(`S${i}`, quantity, amount, { discount: Math.floor((amount * quantity * share) / 100), tax }),
          );
          const goods = priced.reduce((sum, one) => sum + lineTotal({ taxIncluded }, one), 0);
          const total = { amount: goods + shipping, currency: 'EUR' };
          const sent = { methodId: 'm', name: 'Parcel', deliveryTime: '2 days', amount: shipping };
          const order = paid(priced, { taxIncluded, total, captured: total.amount, shipping: sent });
          const { byLine, order: after } = refundInParts(order, parts);
          expect(byLine).toBeLessThanOrEqual(total.amount);
          expect(after.refunded).toBe(total.amount);
        },
      ),
    );
  });

  it('gives back for all units of a line what was paid for it', () => {
    const order = paid([line('A', 3, 333, { discount: 100, tax: 50 }), line('B', 1, 1)], {
      taxIncluded: false,
      captured: 1500,
    });
    const amounts = [1, 2, 3].map((nth) => {
      const [first, ...others] = order.lines;
      const plan = planRefund(
        { ...order, lines: first ? [{ ...first, refunded: nth - 1 }, ...others] : [] },
        { lines: [{ sku: 'A', quantity: 1 }] },
        null,
      );
      return plan.ok ? plan.amount : 0;
    });
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(999 - 100 + 50);
  });
});
