import { statusOfPaid } from './fulfilment.ts';
import type { Order } from './order.ts';
import type { OrderInput, PaymentInput } from './order-input.ts';
import { cancelled, type StateChange, type TransitionResult, unchanged } from './transition-result.ts';

/** What a provider tells of a try to pay. News of an earlier try changes nothing. */
export function afterPayment(order: Order, input: PaymentInput): TransitionResult {
  if (input.paymentTry !== order.paymentTry) return unchanged;
  switch (input.type) {
    case 'payment_captured':
      return afterCapture(order, input.reference);
    case 'payment_authorized':
      return afterAuthorization(order, input);
    case 'payment_requires_action':
      return afterActionRequired(order, input);
    case 'payment_declined':
      return afterDecline(order, input.reason);
    case 'payment_voided':
      return afterVoid(order);
  }
}

/** Another try, once the one before is known to have failed. Stock stays reserved. */
export function afterRetry(
  order: Order,
  { provider, token }: OrderInput & { type: 'payment_retried' },
): TransitionResult {
  const isOver = order.status === 'awaiting_payment' && order.paymentProblem !== null;
  if (!isOver || order.cancelRequested || order.captureRequested) return unchanged;
  return {
    kind: 'changed',
    status: 'reserved',
    emit: [],
    payment: {
      paymentTry: order.paymentTry + 1,
      paymentProvider: provider,
      paymentToken: token,
      paymentAttempts: 1,
      paymentReference: null,
      paymentAction: null,
      paymentProblem: null,
      captureRequested: false,
    },
  };
}

/** Whether an operator, or a parcel, may ask for the money now. */
export const isCapturable = (order: Order): boolean =>
  order.status === 'authorized' ||
  (order.status === 'awaiting_payment' && order.paymentAction?.type === 'bank_transfer');

export function afterCaptureRequest(order: Order): TransitionResult {
  if (!isCapturable(order) || order.captureRequested || order.cancelRequested) return unchanged;
  return { kind: 'changed', status: order.status, emit: [], payment: { captureRequested: true } };
}

/** Nothing of it was sent, so that it can still be called off as a whole. */
export const isUnsent = (order: Order): boolean => order.lines.every((line) => line.fulfilled === 0);

const awaitsOutcome = ({ status }: Order): boolean => status === 'reserved' || status === 'awaiting_payment';

function afterCapture(order: Order, reference: string | undefined): TransitionResult {
  const captured = order.total.amount;
  const payment = reference === undefined ? {} : { paymentReference: reference };
  if (order.captured > 0) return unchanged;
  // Taken although the provider had promised not to: it goes back.
  if (order.status === 'cancelled' && captured > 0) {
    return { kind: 'changed', status: 'cancelled', emit: [], captured, refund: captured, payment };
  }
  if (!awaitsOutcome(order) && order.status !== 'authorized') return unchanged;
  const paid = { paymentAction: null, paymentProblem: null, captureRequested: false, ...payment };
  if (order.cancelRequested && isUnsent(order)) {
    const refund = captured > 0 ? { refund: captured } : {};
    return { ...cancelled('cancelled_by_customer'), captured, ...refund, payment: paid };
  }
  if (order.status !== 'authorized') {
    return { kind: 'changed', status: 'confirmed', captured, emit: ['order.confirmed.v1'], payment: paid };
  }
  return { kind: 'changed', status: statusOfPaid({ ...order, captured }), captured, emit: [], payment: paid };
}

function afterAuthorization(
  order: Order,
  { reference, sendsFirst = false }: PaymentInput & { type: 'payment_authorized' },
): TransitionResult {
  // One that is to be cancelled is not sold any more.
  if (!awaitsOutcome(order) || order.cancelRequested) return unchanged;
  return {
    kind: 'changed',
    status: 'authorized',
    emit: ['order.confirmed.v1'],
    payment: {
      sendsFirst,
      paymentAction: null,
      paymentProblem: null,
      ...(reference !== undefined && { paymentReference: reference }),
    },
  };
}

function afterActionRequired(
  order: Order,
  { action, reference }: PaymentInput & { type: 'payment_requires_action' },
): TransitionResult {
  if (order.status !== 'reserved') return unchanged;
  return {
    kind: 'changed',
    status: 'awaiting_payment',
    emit: ['order.payment-needed.v1'],
    payment: { paymentAction: action, ...(reference !== undefined && { paymentReference: reference }) },
  };
}

/** The stock stays reserved until the deadline: the customer may pay by another means. */
function afterDecline(order: Order, reason: string): TransitionResult {
  if (order.status === 'authorized') return isUnsent(order) ? { ...cancelled(reason), reopensCart: true } : unchanged;
  if (!awaitsOutcome(order)) return unchanged;
  if (order.cancelRequested) return calledOff(order);
  if (order.paymentProblem !== null) return unchanged;
  return {
    kind: 'changed',
    status: 'awaiting_payment',
    emit: ['order.payment-needed.v1'],
    payment: { paymentProblem: reason, paymentAction: null, captureRequested: false },
  };
}

function afterVoid(order: Order): TransitionResult {
  const canEnd = awaitsOutcome(order) || (order.status === 'authorized' && isUnsent(order));
  if (!canEnd) return unchanged;
  return order.cancelRequested ? calledOff(order) : gaveUp(order);
}

/** A customer who is asked to pay goes back to the cart that way. */
const calledOff = (order: Order): StateChange => ({
  ...cancelled('cancelled_by_customer'),
  reopensCart: order.status === 'awaiting_payment',
});

const gaveUp = (order: Order): StateChange => ({
  ...cancelled(order.paymentProblem ?? 'payment_not_settled_in_time'),
  reopensCart: true,
});
