import { addRefunded, addReturned, addSent, returnableUnits, statusOfPaid } from './fulfilment.ts';
import type { Order } from './order.ts';
import type { OrderInput } from './order-input.ts';
import { afterCaptureRequest, afterPayment, afterRetry, isUnsent } from './payment-transitions.ts';
import type { WantedLine } from './pricing.ts';
import { isRefundable } from './refund.ts';
import { cancelled, type TransitionResult, unchanged } from './transition-result.ts';

/**
 * The one place where an order's status changes. A stale, repeated or reordered input leaves the order as it is.
 * It takes only the state and what happened: no clock, no I/O.
 */
export function transition(order: Order, input: OrderInput): TransitionResult {
  switch (input.type) {
    case 'stock_reserved':
      return order.status === 'pending' ? { kind: 'changed', status: 'reserved', emit: [] } : unchanged;
    case 'stock_rejected':
      return order.status === 'pending'
        ? { kind: 'changed', status: 'rejected', reason: input.reason, emit: ['order.rejected.v1'], reopensCart: true }
        : unchanged;
    case 'reservation_expired':
      return afterExpiry(order);
    case 'payment_captured':
    case 'payment_authorized':
    case 'payment_requires_action':
    case 'payment_declined':
    case 'payment_voided':
      return afterPayment(order, input);
    case 'payment_retried':
      return afterRetry(order, input);
    case 'capture_requested':
      return afterCaptureRequest(order);
    case 'cancel_requested':
      return afterCancelRequest(order, input.by);
    case 'never_reserved':
      return order.status === 'pending' ? { ...cancelled('not_reserved_in_time'), reopensCart: true } : unchanged;
    case 'lines_fulfilled':
      return afterFulfilment(order, input.lines);
    case 'delivered':
      return order.status === 'fulfilled'
        ? { kind: 'changed', status: 'delivered', emit: ['order.delivered.v1'] }
        : unchanged;
    case 'goods_returned':
      return afterReturn(order, input.lines);
    case 'refund_booked':
      return afterRefund(order, input);
  }
}

/**
 * `product` asks what became of a reservation that is past its time. That it asks means that it holds the stock, so a
 * pending order counts as reserved; a settled one is announced again, since the first answer may have been lost.
 */
function afterExpiry(order: Order): TransitionResult {
  if (order.status === 'pending') return { kind: 'changed', status: 'reserved', emit: [] };
  if (order.status === 'reserved' || order.status === 'awaiting_payment') return unchanged;
  const wasSold = order.status !== 'cancelled' && order.status !== 'rejected';
  return { kind: 'unchanged', emit: [wasSold ? 'order.confirmed.v1' : 'order.cancelled.v1'] };
}

function afterCancelRequest(order: Order, by: 'customer' | 'operator'): TransitionResult {
  const reason = `cancelled_by_${by}`;
  switch (order.status) {
    case 'pending':
      return cancelled(reason);
    case 'reserved':
      return order.paymentAttempts === 0 ? cancelled(reason) : cancelOnceAnswered(order);
    case 'awaiting_payment':
      // The try is over, so there is nobody to ask.
      return order.paymentProblem === null ? cancelOnceAnswered(order) : { ...cancelled(reason), reopensCart: true };
    case 'authorized':
      return isUnsent(order) ? cancelOnceAnswered(order) : unchanged;
    case 'confirmed': {
      const left = order.captured - order.refunded;
      return isUnsent(order) ? { ...cancelled(reason), ...(left > 0 ? { refund: left } : {}) } : unchanged;
    }
    default:
      return unchanged;
  }
}

/** Once the provider has been asked, only its answer tells whether there is money to give back. */
const cancelOnceAnswered = (order: Order): TransitionResult =>
  order.cancelRequested ? unchanged : { kind: 'changed', status: order.status, cancelRequested: true, emit: [] };

/** Whether units of an order may be sent: it is paid, or it is one that is paid afterwards. */
export const isSendable = (order: Order): boolean =>
  order.status === 'confirmed' || (order.status === 'authorized' && order.sendsFirst && !order.cancelRequested);

function afterFulfilment(order: Order, sent: readonly WantedLine[]): TransitionResult {
  if (!isSendable(order)) return unchanged;
  const lines = addSent(order.lines, sent);
  const status = order.status === 'authorized' ? order.status : statusOfPaid({ ...order, lines });
  return { kind: 'changed', status, lines, emit: ['order.fulfilled.v1'] };
}

/** Whether it was paid, and how, does not matter to goods that came back. A unit comes back once. */
function afterReturn(order: Order, back: readonly WantedLine[]): TransitionResult {
  const lines = addReturned(order.lines, back);
  if (lines.some((line) => returnableUnits(line) < 0)) return unchanged;
  return { kind: 'changed', status: order.status, lines, emit: ['order.returned.v1'] };
}

function afterRefund(order: Order, input: OrderInput & { type: 'refund_booked' }): TransitionResult {
  const { amount } = input;
  if (!isRefundable(order) || amount < 0 || amount > order.captured - order.refunded) return unchanged;
  const lines = addRefunded(order.lines, input.lines, input.withdrawn);
  const refunded = order.refunded + amount;
  return {
    kind: 'changed',
    status: statusOfPaid({ ...order, lines, refunded }),
    lines,
    refund: amount,
    emit: ['order.refunded.v1'],
  };
}

/**
 * Nothing more happens to the order: there is no status after its own, no money to give back, and no goods that can come back. But a
 * payment that arrives after a cancellation is still booked, and goes back.
 */
export const isFinal = (order: Pick<Order, 'status' | 'lines' | 'captured' | 'refunded'>): boolean =>
  ['rejected', 'cancelled', 'refunded'].includes(order.status) &&
  order.captured === order.refunded &&
  order.lines.every((line) => returnableUnits(line) <= 0);
