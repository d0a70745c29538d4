import type { OrderStatus } from '@tradepost/contracts/order-status';
import { addRefunded, addSent, statusOfPaid } from './fulfilment.ts';
import type { Order, OrderLine } from './order.ts';
import type { OrderInput } from './order-input.ts';
import type { WantedLine } from './pricing.ts';
import { isRefundable } from './refund.ts';

/** The types of the events that a transition emits. */
export type OutgoingEvent =
  | 'order.confirmed.v1'
  | 'order.cancelled.v1'
  | 'order.rejected.v1'
  | 'order.fulfilled.v1'
  | 'order.delivered.v1'
  | 'order.refunded.v1';

export type TransitionResult =
  | { kind: 'unchanged'; emit: OutgoingEvent[] }
  | {
      kind: 'changed';
      status: OrderStatus;
      emit: OutgoingEvent[];
      reason?: string;
      /** Money that was taken is to be given back, in minor units. */
      refund?: number;
      captured?: number;
      /** The lines after the change, where it changes them. */
      lines?: OrderLine[];
      cancelRequested?: boolean;
      /** The order ended unpaid and its customer did not cancel it: its cart opens again for another try. */
      reopensCart?: boolean;
    };

const unchanged: TransitionResult = { kind: 'unchanged', emit: [] };

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
      return afterCapture(order);
    case 'payment_declined':
      return afterNoPayment(order, input.reason);
    case 'payment_voided':
      return afterNoPayment(order, 'payment_not_settled_in_time');
    case 'cancel_requested':
      return afterCancelRequest(order, input.by);
    case 'never_reserved':
      return order.status === 'pending' ? failed('not_reserved_in_time') : unchanged;
    case 'lines_fulfilled':
      return afterFulfilment(order, input.lines);
    case 'delivered':
      return order.status === 'fulfilled'
        ? { kind: 'changed', status: 'delivered', emit: ['order.delivered.v1'] }
        : unchanged;
    case 'refund_booked':
      return afterRefund(order, input);
  }
}

const cancel = (reason: string): TransitionResult & { kind: 'changed' } => ({
  kind: 'changed',
  status: 'cancelled',
  reason,
  emit: ['order.cancelled.v1'],
});

/** Cancelled although nobody asked for it. */
const failed = (reason: string): TransitionResult => ({ ...cancel(reason), reopensCart: true });

function afterNoPayment(order: Order, reason: string): TransitionResult {
  if (order.status !== 'reserved') return unchanged;
  return order.cancelRequested ? cancel('cancelled_by_customer') : failed(reason);
}

/**
 * `product` asks what became of a reservation that is past its time. That it asks means that it holds the stock, so a
 * pending order counts as reserved; a settled one is announced again, since the first answer may not have been heard.
 */
function afterExpiry(order: Order): TransitionResult {
  if (order.status === 'pending') return { kind: 'changed', status: 'reserved', emit: [] };
  if (order.status === 'reserved') return unchanged;
  const wasSold = order.status !== 'cancelled' && order.status !== 'rejected';
  return { kind: 'unchanged', emit: [wasSold ? 'order.confirmed.v1' : 'order.cancelled.v1'] };
}

function afterCapture(order: Order): TransitionResult {
  if (order.status !== 'reserved' || order.captured > 0) return unchanged;
  const captured = order.total.amount;
  if (!order.cancelRequested) return { kind: 'changed', status: 'confirmed', captured, emit: ['order.confirmed.v1'] };
  return { ...cancel('cancelled_by_customer'), captured, ...(captured > 0 ? { refund: captured } : {}) };
}

function afterCancelRequest(order: Order, by: 'customer' | 'operator'): TransitionResult {
  const reason = `cancelled_by_${by}`;
  if (order.status === 'pending') return cancel(reason);
  if (order.status === 'reserved') {
    // Once the provider has been asked, only its answer tells whether there is money to give back.
    if (order.paymentAttempts === 0) return cancel(reason);
    if (order.cancelRequested) return unchanged;
    return { kind: 'changed', status: 'reserved', cancelRequested: true, emit: [] };
  }
  if (order.status === 'confirmed' && order.lines.every((line) => line.fulfilled === 0)) {
    const left = order.captured - order.refunded;
    return {
      kind: 'changed',
      status: 'cancelled',
      reason,
      emit: ['order.cancelled.v1'],
      ...(left > 0 ? { refund: left } : {}),
    };
  }
  return unchanged;
}

function afterFulfilment(order: Order, sent: readonly WantedLine[]): TransitionResult {
  if (order.status !== 'confirmed') return unchanged;
  const lines = addSent(order.lines, sent);
  return { kind: 'changed', status: statusOfPaid({ ...order, lines }), lines, emit: ['order.fulfilled.v1'] };
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
