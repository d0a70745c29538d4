import type { OrderStatus } from '@tradepost/contracts/order-status';
import { addRefunded, addSent, statusOfPaid } from './fulfilment.ts';
import type { Order, OrderLine } from './order.ts';
import type { WantedLine } from './pricing.ts';

/** What may happen to an order after it was placed. */
export type Happening =
  | { type: 'stock_reserved' }
  | { type: 'stock_rejected'; reason: string }
  | { type: 'reservation_expired' }
  | { type: 'payment_captured' }
  | { type: 'payment_declined'; reason: string }
  /** The provider promises that nothing was and nothing will be taken. */
  | { type: 'payment_voided' }
  | { type: 'cancel_requested'; by: 'customer' | 'operator' }
  | { type: 'never_reserved' }
  | { type: 'lines_fulfilled'; lines: readonly WantedLine[] }
  | { type: 'delivered' }
  /** `lines` are the units refunded, `withdrawn` those of them that were not sent yet and never will be. */
  | {
      type: 'refund_booked';
      amount: number;
      lines: readonly WantedLine[];
      withdrawn: readonly WantedLine[];
    };

/** What `product` is told, as an event of that type. */
export type Announcement =
  | 'order.confirmed.v1'
  | 'order.cancelled.v1'
  | 'order.rejected.v1'
  | 'order.fulfilled.v1'
  | 'order.delivered.v1'
  | 'order.refunded.v1';

export type Outcome =
  | { kind: 'unchanged'; announce: Announcement[] }
  | {
      kind: 'changed';
      status: OrderStatus;
      announce: Announcement[];
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

const unchanged: Outcome = { kind: 'unchanged', announce: [] };

/**
 * The one place where an order's status changes. A stale, repeated or reordered happening leaves the order as it is.
 * It takes only the state and what happened: no clock, no I/O.
 */
export function transition(order: Order, happening: Happening): Outcome {
  switch (happening.type) {
    case 'stock_reserved':
      return order.status === 'pending' ? { kind: 'changed', status: 'reserved', announce: [] } : unchanged;
    case 'stock_rejected':
      return order.status === 'pending'
        ? {
            kind: 'changed',
            status: 'rejected',
            reason: happening.reason,
            announce: ['order.rejected.v1'],
            reopensCart: true,
          }
        : unchanged;
    case 'reservation_expired':
      return afterExpiry(order);
    case 'payment_captured':
      return afterCapture(order);
    case 'payment_declined':
      return afterNoPayment(order, happening.reason);
    case 'payment_voided':
      return afterNoPayment(order, 'payment_not_settled_in_time');
    case 'cancel_requested':
      return afterCancelRequest(order, happening.by);
    case 'never_reserved':
      return order.status === 'pending' ? failed('not_reserved_in_time') : unchanged;
    case 'lines_fulfilled':
      return afterFulfilment(order, happening.lines);
    case 'delivered':
      return order.status === 'fulfilled'
        ? { kind: 'changed', status: 'delivered', announce: ['order.delivered.v1'] }
        : unchanged;
    case 'refund_booked':
      return afterRefund(order, happening);
  }
}

const cancel = (reason: string): Outcome & { kind: 'changed' } => ({
  kind: 'changed',
  status: 'cancelled',
  reason,
  announce: ['order.cancelled.v1'],
});

/** Cancelled although nobody asked for it. */
const failed = (reason: string): Outcome => ({ ...cancel(reason), reopensCart: true });

function afterNoPayment(order: Order, reason: string): Outcome {
  if (order.status !== 'reserved') return unchanged;
  return order.cancelRequested ? cancel('cancelled_by_customer') : failed(reason);
}

/**
 * `product` asks what became of a reservation that is past its time. That it asks means that it holds the stock, so a
 * pending order counts as reserved; a settled one is announced again, since the first answer may not have been heard.
 */
function afterExpiry(order: Order): Outcome {
  if (order.status === 'pending') return { kind: 'changed', status: 'reserved', announce: [] };
  if (order.status === 'reserved') return unchanged;
  const wasSold = order.status !== 'cancelled' && order.status !== 'rejected';
  return { kind: 'unchanged', announce: [wasSold ? 'order.confirmed.v1' : 'order.cancelled.v1'] };
}

function afterCapture(order: Order): Outcome {
  const captured = order.total.amount;
  if (order.captured > 0) return unchanged;
  if (order.status === 'reserved' && !order.cancelRequested) {
    return { kind: 'changed', status: 'confirmed', captured, announce: ['order.confirmed.v1'] };
  }
  if (order.status === 'reserved') {
    const refund: { refund?: number } = captured > 0 ? { refund: captured } : {};
    return {
      kind: 'changed',
      status: 'cancelled',
      reason: 'cancelled_by_customer',
      captured,
      ...refund,
      announce: ['order.cancelled.v1'],
    };
  }
  return unchanged;
}

function afterCancelRequest(order: Order, by: 'customer' | 'operator'): Outcome {
  const reason = `cancelled_by_${by}`;
  if (order.status === 'pending') return cancel(reason);
  if (order.status === 'reserved') {
    // Once the provider has been asked, only its answer tells whether there is money to give back.
    if (order.paymentAttempts === 0) return cancel(reason);
    if (order.cancelRequested) return unchanged;
    return { kind: 'changed', status: 'reserved', cancelRequested: true, announce: [] };
  }
  if (order.status === 'confirmed' && order.lines.every((line) => line.fulfilled === 0)) {
    const left = order.captured - order.refunded;
    return {
      kind: 'changed',
      status: 'cancelled',
      reason,
      announce: ['order.cancelled.v1'],
      ...(left > 0 ? { refund: left } : {}),
    };
  }
  return unchanged;
}

function afterFulfilment(order: Order, sent: readonly WantedLine[]): Outcome {
  if (order.status !== 'confirmed') return unchanged;
  const lines = addSent(order.lines, sent);
  return { kind: 'changed', status: statusOfPaid({ ...order, lines }), lines, announce: ['order.fulfilled.v1'] };
}

function afterRefund(order: Order, happening: Happening & { type: 'refund_booked' }): Outcome {
  const { amount } = happening;
  if (!isRefundable(order) || amount < 0 || amount > order.captured - order.refunded) return unchanged;
  const lines = addRefunded(order.lines, happening.lines, happening.withdrawn);
  const refunded = order.refunded + amount;
  return {
    kind: 'changed',
    status: statusOfPaid({ ...order, lines, refunded }),
    lines,
    refund: amount,
    announce: ['order.refunded.v1'],
  };
}

/** Whether money of the order can still be refunded on request, or units of it withdrawn. */
export function isRefundable(order: Order): boolean {
  if (order.status === 'refunded') return order.refunded < order.captured;
  return order.status === 'confirmed' || order.status === 'fulfilled' || order.status === 'delivered';
}
