import { describe, expect, it } from 'vitest';
import { applyInput, applyInputs, makeLine, makeOrder, type OrderStep, takeStep } from '../../test/order-fixtures.ts';
import { unsentUnits } from './fulfilment.ts';
import type { Order } from './order.ts';
import type { OrderInput } from './order-input.ts';
import { transition } from './transition.ts';

describe('the way of an order', () => {
  it('goes from pending to delivered', () => {
    const statuses: string[] = [];
    let current = makeOrder();
    for (const input of [
      { type: 'stock_reserved' },
      { type: 'payment_captured', paymentTry: 1 },
      { type: 'lines_fulfilled', lines: [{ sku: 'MUG', quantity: 1 }] },
      { type: 'lines_fulfilled', lines: [{ sku: 'MUG', quantity: 1 }] },
      { type: 'delivered' },
    ] as const) {
      current = applyInput(current, input);
      statuses.push(current.status);
    }
    expect(statuses).toEqual(['reserved', 'confirmed', 'confirmed', 'fulfilled', 'delivered']);
  });

  it('ends as rejected without stock, and as cancelled without payment', () => {
    expect(applyInputs([{ type: 'stock_rejected', reason: 'MUG: insufficient_stock' }]).status).toBe('rejected');
    expect(applyInputs([{ type: 'stock_reserved' }, { type: 'payment_voided', paymentTry: 1 }]).status).toBe(
      'cancelled',
    );
  });

  it('asks product to release the stock when it is cancelled, and to sell it when it is paid', () => {
    expect(transition(makeOrder({ status: 'reserved' }), { type: 'payment_captured', paymentTry: 1 }).emit).toEqual([
      'order.confirmed.v1',
    ]);
    expect(transition(makeOrder(), { type: 'cancel_requested', by: 'customer' }).emit).toEqual(['order.cancelled.v1']);
  });

  it('waits for the provider when it is cancelled while it is being paid, and gives the money back', () => {
    const asked = applyInputs(
      [{ type: 'cancel_requested', by: 'customer' }],
      makeOrder({ status: 'reserved', paymentAttempts: 1 }),
    );
    expect(asked).toMatchObject({ status: 'reserved', cancelRequested: true });
    expect(applyInput(asked, { type: 'payment_captured', paymentTry: 1 })).toMatchObject({
      status: 'cancelled',
      captured: 1000,
      refunded: 1000,
    });
    expect(applyInput(asked, { type: 'payment_voided', paymentTry: 1 })).toMatchObject({
      status: 'cancelled',
      captured: 0,
      refunded: 0,
    });
  });

  it('refunds a paid order that is cancelled before anything was sent, and refuses after', () => {
    const paid = makeOrder({ status: 'confirmed', captured: 1000 });
    expect(applyInput(paid, { type: 'cancel_requested', by: 'customer' })).toMatchObject({
      status: 'cancelled',
      refunded: 1000,
    });
    const sent = { ...paid, lines: [makeLine({ fulfilled: 1 })] };
    expect(transition(sent, { type: 'cancel_requested', by: 'customer' }).kind).toBe('unchanged');
  });

  it('answers product about an expired reservation as often as it is asked', () => {
    const ask: OrderInput = { type: 'reservation_expired' };
    expect(transition(makeOrder(), ask)).toMatchObject({ kind: 'changed', status: 'reserved' });
    expect(transition(makeOrder({ status: 'reserved' }), ask)).toEqual({ kind: 'unchanged', emit: [] });
    expect(transition(makeOrder({ status: 'cancelled' }), ask).emit).toEqual(['order.cancelled.v1']);
    for (const status of ['confirmed', 'fulfilled', 'delivered', 'refunded'] as const) {
      expect(transition(makeOrder({ status, captured: 1000 }), ask).emit).toEqual(['order.confirmed.v1']);
    }
  });
});

describe('an order that is paid', () => {
  const lines = [makeLine({ sku: 'MUG', quantity: 1 }), makeLine({ sku: 'TEA', quantity: 1 })];
  const paid = makeOrder({ status: 'confirmed', captured: 1000, lines });
  const send = (sku: string): OrderStep => ({ send: [{ sku, quantity: 1 }] });
  const refund = (sku: string): OrderStep => ({ refund: { lines: [{ sku, quantity: 1 }] } });

  it('is fulfilled once nothing is left to send, in either order', () => {
    expect([send('MUG'), refund('TEA')].reduce(takeStep, paid)).toMatchObject({ status: 'fulfilled', refunded: 500 });
    expect([refund('TEA'), send('MUG')].reduce(takeStep, paid)).toMatchObject({ status: 'fulfilled', refunded: 500 });
  });

  it('is refunded when all of its money went back, by lines or by amount, and then nothing is left to send', () => {
    for (const steps of [
      [refund('TEA'), refund('MUG')],
      [{ refund: { amount: 1000 } }],
      [{ refund: { amount: 300 } }, { refund: {} }],
    ]) {
      const end = steps.reduce<Order>(takeStep, paid);
      expect(end).toMatchObject({ status: 'refunded', refunded: 1000 });
      expect(end.lines.map(unsentUnits)).toEqual([0, 0]);
    }
  });

  it('is refunded when no unit is left to send and none was sent, although some money was kept', () => {
    const kept = takeStep(paid, { refund: { lines: lines.map(({ sku }) => ({ sku, quantity: 1 })), amount: 900 } });
    expect(kept).toMatchObject({ status: 'refunded', refunded: 900 });
    expect(takeStep(kept, { refund: { amount: 100 } })).toMatchObject({ status: 'refunded', refunded: 1000 });
  });

  it('takes back units that were sent, once, and keeps its status', () => {
    const back = (withRefund: boolean): OrderStep => ({ back: [{ sku: 'MUG', quantity: 1 }], withRefund });
    expect(takeStep(paid, back(false))).toBe(paid);
    const returned = [send('MUG'), back(false)].reduce(takeStep, paid);
    expect(returned).toMatchObject({ status: 'confirmed', refunded: 0, lines: [{ returned: 1 }, { returned: 0 }] });
    expect(takeStep(returned, back(false))).toBe(returned);
    const refunded = [send('TEA'), send('MUG'), back(true)].reduce(takeStep, paid);
    expect(refunded).toMatchObject({ status: 'fulfilled', refunded: 500, lines: [{ returned: 1, refunded: 1 }, {}] });
  });

  it('still sends what was not sent yet after a return with a refund', () => {
    const two = { ...paid, lines: [makeLine({ sku: 'MUG', quantity: 2 })] };
    const back: OrderStep = { back: [{ sku: 'MUG', quantity: 1 }], withRefund: true };
    const end = [send('MUG'), back].reduce(takeStep, two);
    expect(end).toMatchObject({ status: 'confirmed', refunded: 500, lines: [{ refunded: 1, withdrawn: 0 }] });
    expect(end.lines.map(unsentUnits)).toEqual([1]);
  });

  it('can cancel units that cost nothing', () => {
    const gift = makeLine({ sku: 'GIFT', quantity: 1, unitPrice: { amount: 0, currency: 'EUR' } });
    const withGift = { ...paid, lines: [...lines, gift] };
    const end = [send('MUG'), send('TEA'), refund('GIFT')].reduce(takeStep, withGift);
    expect(end).toMatchObject({ status: 'fulfilled', refunded: 0 });
    expect(takeStep(end, refund('GIFT'))).toBe(end);
  });
});
