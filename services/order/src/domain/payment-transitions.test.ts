import { describe, expect, it } from 'vitest';
import { applyInput, applyInputs, makeLine, makeOrder } from '../../test/order-fixtures.ts';
import type { OrderInput, PaymentInput } from './order-input.ts';
import { parsePaymentKey, paymentKey } from './payment.ts';
import { transition } from './transition.ts';

const reserved: OrderInput = { type: 'stock_reserved' };
const captured: PaymentInput = { type: 'payment_captured', paymentTry: 1 };
const authorized: PaymentInput = { type: 'payment_authorized', paymentTry: 1 };
const declined: PaymentInput = { type: 'payment_declined', paymentTry: 1, reason: 'payment_declined' };
const voided: PaymentInput = { type: 'payment_voided', paymentTry: 1 };
const challenged: PaymentInput = {
  ...{ type: 'payment_requires_action', paymentTry: 1 },
  action: { type: 'redirect', redirectUrl: '/bank' },
};
const transfer: PaymentInput = {
  ...{ type: 'payment_requires_action', paymentTry: 1 },
  action: { type: 'bank_transfer', reference: 'T-1', instructions: 'DE02' },
};
const retried: OrderInput = { type: 'payment_retried', provider: 'sandbox', token: 'ok' };
const cancel: OrderInput = { type: 'cancel_requested', by: 'customer' };

describe('a payment that needs its customer', () => {
  it('waits with its stock, and is confirmed when the money came', () => {
    const waiting = applyInputs([reserved, challenged]);
    expect(waiting).toMatchObject({ status: 'awaiting_payment', paymentAction: { redirectUrl: '/bank' } });
    expect(transition(waiting, { type: 'reservation_expired' })).toEqual({ kind: 'unchanged', emit: [] });
    expect(applyInput(waiting, captured)).toMatchObject({ status: 'confirmed', captured: 1000, paymentAction: null });
  });

  it('is called off at the deadline, and the cart opens again', () => {
    const result = transition(applyInputs([reserved, challenged]), voided);
    expect(result).toMatchObject({ status: 'cancelled', reason: 'payment_not_settled_in_time', reopensCart: true });
  });

  it('is cancelled by its customer only once the provider has confirmed it', () => {
    const asked = applyInputs([reserved, challenged, cancel]);
    expect(asked).toMatchObject({ status: 'awaiting_payment', cancelRequested: true });
    expect(transition(asked, voided)).toMatchObject({ status: 'cancelled', reopensCart: true });
    expect(applyInput(asked, captured)).toMatchObject({ status: 'cancelled', captured: 1000, refunded: 1000 });
    expect(transition(asked, authorized).kind).toBe('unchanged');
  });
});

describe('a payment that was declined', () => {
  const failed = applyInputs([reserved, declined]);

  it('keeps its stock for another try, which earlier news does not touch', () => {
    expect(failed).toMatchObject({ status: 'awaiting_payment', paymentProblem: 'payment_declined' });
    const again = applyInput(failed, retried);
    expect(again).toMatchObject({ status: 'reserved', paymentTry: 2, paymentProblem: null });
    for (const late of [declined, voided, challenged, authorized, captured]) {
      expect(transition(again, late).kind).toBe('unchanged');
    }
    expect(applyInput(again, { ...captured, paymentTry: 2 })).toMatchObject({ status: 'confirmed', captured: 1000 });
  });

  it('is tried again only when the try before is over', () => {
    expect(transition(applyInputs([reserved, challenged]), retried).kind).toBe('unchanged');
    expect(transition(applyInputs([reserved]), retried).kind).toBe('unchanged');
  });

  it('is cancelled at once when its customer goes back to the cart, and at the deadline with the reason', () => {
    expect(transition(failed, cancel)).toMatchObject({ status: 'cancelled', reopensCart: true });
    expect(transition(failed, voided)).toMatchObject({ status: 'cancelled', reason: 'payment_declined' });
  });

  it('is confirmed when the provider took the money after all', () => {
    expect(applyInput(failed, captured)).toMatchObject({ status: 'confirmed', captured: 1000 });
  });
});

describe('money that is only authorised', () => {
  const promised = applyInputs([reserved, authorized]);

  it('sells the goods, and is taken once', () => {
    expect(transition(applyInputs([reserved]), authorized).emit).toEqual(['order.confirmed.v1']);
    expect(promised.status).toBe('authorized');
    const taken = transition(promised, captured);
    expect(taken).toMatchObject({ status: 'confirmed', captured: 1000, emit: [] });
  });

  it('sends nothing before it is taken', () => {
    const send: OrderInput = { type: 'lines_fulfilled', lines: [{ sku: 'MUG', quantity: 1 }] };
    expect(transition(promised, send).kind).toBe('unchanged');
    expect(transition(promised, { type: 'refund_booked', amount: 1, lines: [], withdrawn: [] }).kind).toBe('unchanged');
  });

  it('is let go when the order is cancelled, and refunded when it was taken at that moment', () => {
    const asked = applyInput(promised, cancel);
    expect(asked).toMatchObject({ status: 'authorized', cancelRequested: true });
    expect(applyInput(asked, voided)).toMatchObject({ status: 'cancelled', captured: 0 });
    expect(applyInput(asked, captured)).toMatchObject({ status: 'cancelled', refunded: 1000 });
  });

  it('that cannot be taken any more cancels the order', () => {
    const asked = applyInput(promised, { type: 'capture_requested' });
    expect(asked.captureRequested).toBe(true);
    expect(transition(asked, declined)).toMatchObject({ status: 'cancelled', emit: ['order.cancelled.v1'] });
  });
});

describe('an order that is paid afterwards', () => {
  const onInvoice = applyInputs([reserved, { ...authorized, sendsFirst: true }]);
  const send = (quantity: number): OrderInput => ({ type: 'lines_fulfilled', lines: [{ sku: 'MUG', quantity }] });

  it('is sent first, and has the status of its lines once it is paid', () => {
    const sent = applyInput(onInvoice, send(2));
    expect(sent).toMatchObject({ status: 'authorized', lines: [makeLine({ fulfilled: 2 })] });
    expect(applyInput(sent, captured)).toMatchObject({ status: 'fulfilled', captured: 1000 });
    expect(applyInput(applyInput(onInvoice, send(1)), captured).status).toBe('confirmed');
  });

  it('is not cancelled any more once something was sent, with any answer of the provider', () => {
    const sent = applyInput(onInvoice, send(1));
    for (const input of [cancel, voided, declined]) expect(transition(sent, input).kind).toBe('unchanged');
  });

  it('is not sent once it is to be cancelled', () => {
    expect(transition(applyInput(onInvoice, cancel), send(1)).kind).toBe('unchanged');
  });
});

describe('a transfer', () => {
  it('is confirmed by an operator', () => {
    const asked = applyInputs([reserved, transfer, { type: 'capture_requested' }]);
    expect(asked).toMatchObject({ status: 'awaiting_payment', captureRequested: true });
    expect(applyInput(asked, captured)).toMatchObject({ status: 'confirmed', captureRequested: false });
    expect(transition(applyInputs([reserved, challenged]), { type: 'capture_requested' }).kind).toBe('unchanged');
  });
});

describe('money that comes although the provider had confirmed that it would not', () => {
  it('goes back, once', () => {
    const dead = applyInputs([reserved, voided]);
    const result = applyInput(dead, captured);
    expect(result).toMatchObject({ status: 'cancelled', captured: 1000, refunded: 1000 });
    expect(transition(result, captured).kind).toBe('unchanged');
  });
});

it('the key of a try contains its order and its number', () => {
  const { id } = makeOrder();
  for (const paymentTry of [1, 2, 10, 999])
    expect(parsePaymentKey(paymentKey(id, paymentTry))).toEqual({ orderId: id, paymentTry });
  for (const other of ['', id.slice(1), `${id}:1`, `${id}:0`, `${id}:1000`, `${id}:2 `, 'pi_3']) {
    expect(parsePaymentKey(other)).toBeNull();
  }
});
