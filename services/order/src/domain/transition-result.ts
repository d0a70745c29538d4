import type { OrderStatus } from '@tradepost/contracts/order-status';
import type { Order, OrderLine } from './order.ts';

/** The types of the events that a transition emits. */
export type OutgoingEvent =
  | 'order.confirmed.v1'
  | 'order.payment-needed.v1'
  | 'order.cancelled.v1'
  | 'order.rejected.v1'
  | 'order.fulfilled.v1'
  | 'order.delivered.v1'
  | 'order.returned.v1'
  | 'order.refunded.v1';

/** What an order keeps of its payment and a transition may change. */
export type PaymentFields = Pick<
  Order,
  | 'paymentTry'
  | 'paymentProvider'
  | 'paymentToken'
  | 'paymentAttempts'
  | 'paymentReference'
  | 'paymentAction'
  | 'paymentProblem'
  | 'captureRequested'
  | 'sendsFirst'
>;

export type StateChange = {
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
  payment?: Partial<PaymentFields>;
  /** The order ended unpaid: its cart opens again for another try. */
  reopensCart?: boolean;
};

export type TransitionResult = { kind: 'unchanged'; emit: OutgoingEvent[] } | StateChange;

export const unchanged: TransitionResult = { kind: 'unchanged', emit: [] };

export const cancelled = (reason: string): StateChange => ({
  kind: 'changed',
  status: 'cancelled',
  reason,
  emit: ['order.cancelled.v1'],
});
