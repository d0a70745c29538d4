import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Order, OrderLine } from './order.ts';
import { firstTry } from './payment.ts';
import { refundShares } from './refund-shares.ts';

const line = (sku: string, sellerId: string, quantity: number, amount: number): OrderLine => ({
  ...{ sku, productId: sku, sellerId, title: sku, quantity, unitPrice: { amount, currency: 'EUR' }, priceVersion: 1 },
  ...{ discount: 0, tax: 0, taxExemption: 0, fulfilled: 0, refunded: 0, withdrawn: 0, returned: 0 },
});

function orderOf(lines: OrderLine[]): Order {
  const amount = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0);
  return {
    ...{
      id: 'o',
      number: 10_000_001,
      customerId: 'c',
      guestEmail: null,
      cartId: null,
      status: 'confirmed',
      version: 3,
      total: { amount, currency: 'EUR' },
      taxIncluded: true,
      shipping: null,
      adjustments: [],
      details: {},
    },
    ...{ captured: amount, refunded: 0, cancelRequested: false, reason: null, paymentProvider: 'sandbox' },
    ...{ paymentToken: null, ...firstTry, paymentAttempts: 1, reservedAt: null, payBy: null, traceparent: null, lines },
    shippingAddress: { name: 'Ada', line1: 'Row 1', city: 'London', postalCode: 'N1', country: 'GB' },
    createdAt: new Date(0),
    updatedAt: new Date(0),
  };
}

const mixed = orderOf([line('A', 'alice', 2, 3000), line('B', 'bob', 1, 4000)]);
const of = (order: Order, ...refunds: Parameters<typeof refundShares>[1]) =>
  [...refundShares(order, refunds)].map(([, share]) => Object.fromEntries(share));

test('a refund of lines counts for these, one of several lines by their worth', () => {
  const refund = { id: 'r', amount: 700, lines: [{ sku: 'A', quantity: 1 }] };
  expect(of(mixed, refund)).toEqual([{ A: 700 }]);
  const ofBoth = { id: 'r', amount: 701, lines: ['A', 'B'].map((sku) => ({ sku, quantity: 1 })) };
  expect(of(mixed, ofBoth)).toEqual([{ A: 300, B: 401 }]);
});

test('a refund without lines counts for none, unless it is the rest or all lines are of one seller', () => {
  expect(of(mixed, { id: 'r', amount: 10, lines: [] })).toEqual([{}]);
  expect(of(mixed, { id: 'r', amount: 10_000, lines: [] })).toEqual([{ A: 6000, B: 4000 }]);
  const alone = orderOf([line('A', 'alice', 1, 3000), line('B', 'alice', 1, 1000)]);
  expect(of(alone, { id: 'r', amount: 10, lines: [] })).toEqual([{ A: 7, B: 3 }]);
});

test('the rest is split by what was not refunded of each line yet', () => {
  const first = { id: '1', amount: 4000, lines: [{ sku: 'B', quantity: 1 }] };
  expect(of(mixed, first, { id: '2', amount: 6000, lines: [] })).toEqual([{ B: 4000 }, { A: 6000, B: 0 }]);
});

test('what was paid for shipping is given back with the rest', () => {
  const order: Order = {
    ...orderOf([line('A', 'alice', 1, 3000), line('B', 'bob', 1, 1000)]),
    ...{ total: { amount: 4500, currency: 'EUR' }, captured: 4500 },
    shipping: { methodId: 'm', name: 'Parcel', deliveryTime: '2 days', amount: 500 },
  };
  expect(of(order, { id: 'r', amount: 4500, lines: [] })).toEqual([{ A: 3000, B: 1000, '': 500 }]);
  const all = ['A', 'B'].map((sku) => ({ sku, quantity: 1 }));
  expect(of(order, { id: 'r', amount: 4500, lines: all })).toEqual([{ A: 3000, B: 1000, '': 500 }]);
});

test('shares are never negative and add up to the refund, or there are none', () => {
  const lines = fc.array(fc.tuple(fc.constantFrom('alice', 'bob', 'carol'), fc.nat(9), fc.nat(10 ** 11)), {
    ...{ minLength: 1, maxLength: 6 },
  });
  const refund = fc.tuple(fc.integer({ min: 1, max: 10 ** 12 }), fc.array(fc.nat(5), { maxLength: 3 }));
  fc.assert(
    fc.property(lines, fc.array(refund, { maxLength: 5 }), (wanted, asked) => {
      const order = orderOf(wanted.map(([seller, more, amount], at) => line(`S${at}`, seller, more + 1, amount)));
      const refunds = asked.map(([amount, named], at) => ({
        id: String(at),
        amount,
        lines: [...new Set(named)].flatMap((index) => (order.lines[index] ? [{ sku: `S${index}`, quantity: 1 }] : [])),
      }));
      for (const [id, share] of refundShares(order, refunds)) {
        const amounts = [...share.values()];
        expect(amounts.every((amount) => amount >= 0)).toBe(true);
        const sum = amounts.reduce((total, amount) => total + amount, 0);
        expect([0, refunds[Number(id)]?.amount]).toContain(sum);
      }
    }),
  );
});
