import { describe, expect, it } from 'vitest';
import type { Order } from '../../api/orders.ts';
import {
  isToSend,
  type Line,
  paymentNote,
  refundOfLine,
  saleState,
  unitsDone,
  unitsToSend,
  unsentUnits,
  unsentWorth,
  worthOf,
} from './units.ts';
import { refundOfUnits } from './use-refund.ts';

const line = (quantity: number, over: Partial<Line> = {}): Line => ({
  ...{ sku: 'MUG', productId: 'p', sellerId: 's', title: 'Mug', quantity, fulfilled: 0, refunded: 0, withdrawn: 0 },
  returned: 0,
  unitPrice: { amount: 1200, currency: 'EUR' },
  discount: { amount: 0, currency: 'EUR' },
  taxExemption: { amount: 0, currency: 'EUR' },
  tax: { amount: 0, currency: 'EUR' },
  total: { amount: 1200 * quantity, currency: 'EUR' },
  ...over,
});
// as: the parts of an order that count here.
const order = (lines: Line[], status: Order['status'] = 'confirmed') => ({ status, lines }) as Order;

describe('the note about the payment', () => {
  it('is there while the money is not', () => {
    expect(paymentNote({ payment: { status: 'authorized' } })).toContain('taken when you mark the first units as sent');
    expect(paymentNote({ payment: { status: 'due' } })).toContain('pays afterwards');
    expect(paymentNote({ payment: { status: 'captured' } })).toBeUndefined();
  });
});

describe('the units that are left to send', () => {
  it('are those that were neither sent nor refunded before they were sent', () => {
    const sent = line(3, { fulfilled: 2 });
    const refunded = line(2, { sku: 'CUP', refunded: 1, withdrawn: 1 });
    const both = order([sent, refunded]);
    expect([unsentUnits(both, sent), unsentUnits(both, refunded)]).toEqual([1, 1]);
    expect([unitsToSend(both, sent), unitsToSend(both, refunded)]).toEqual(['1 of 3', '1 of 2']);
    expect([unitsDone(sent), unitsDone(refunded)]).toEqual(['2 sent', '1 refunded']);
    expect([unsentWorth(both), worthOf(both)]).toEqual([2400, 6000]);
  });

  it('are not fewer for a unit that was refunded after it was sent', () => {
    const returned = line(3, { fulfilled: 1, refunded: 1 });
    expect(unsentUnits(order([returned]), returned)).toBe(2);
    expect(unitsToSend(order([returned]), returned)).toBe('2 of 3');
  });

  it('are none unless the order is sold: paid, or with money that is authorised or comes later', () => {
    expect(isToSend(order([line(3)], 'authorized'))).toBe(true);
    for (const status of [
      'pending',
      'reserved',
      'awaiting_payment',
      'rejected',
      'cancelled',
      'fulfilled',
      'delivered',
      'refunded',
    ] as const) {
      expect(isToSend(order([line(3)], status))).toBe(false);
      expect(unsentWorth(order([line(3)], status))).toBe(0);
    }
  });

  it('decide which state the seller sees', () => {
    const states = [[line(3)], [line(3, { fulfilled: 1 })], [line(3, { fulfilled: 3 })]].map((lines) => order(lines));
    expect(states.map((one) => saleState(one).text)).toEqual(['To send', 'Partly sent', 'Sent']);
    expect(saleState(order([line(1, { refunded: 1, withdrawn: 1 })])).text).toBe('Refunded');
    expect(saleState(order([line(1)], 'reserved')).text).toBe('Awaiting payment');
    expect(saleState(order([line(1)], 'awaiting_payment')).text).toBe('Awaiting payment');
    expect(saleState(order([line(1)], 'authorized')).text).toBe('To send');
    expect(saleState(order([line(1, { fulfilled: 1 })], 'authorized')).text).toBe('Sent');
  });
});

describe('the worth of units', () => {
  const third = line(3, { total: { amount: 1000, currency: 'EUR' }, discount: { amount: 2600, currency: 'EUR' } });

  it('is their part of what was to be paid for the line, to the last cent', () => {
    expect([0, 1, 2].map((refunded) => refundOfLine({ ...third, refunded }, 1))).toEqual([333, 333, 334]);
    expect(worthOf(order([third]))).toBe(1000);
  });

  it('is what a refund gives back, and no more than what is left', () => {
    const refunded = line(2, { sku: 'CUP', refunded: 1, total: { amount: 2000, currency: 'EUR' } });
    const money = { total: { amount: 3000, currency: 'EUR' }, refunded: { amount: 1000, currency: 'EUR' } };
    const sold = { ...order([third, refunded]), ...money };
    expect(refundOfUnits(sold, [{ sku: 'MUG', quantity: 2 }])).toBe(666);
    expect(refundOfUnits(sold, [{ sku: 'CUP', quantity: 1 }])).toBe(1000);
    expect(refundOfUnits({ ...sold, refunded: { amount: 2600, currency: 'EUR' } }, [{ sku: 'CUP', quantity: 1 }])).toBe(
      400,
    );
  });
});
