import type { Order } from '../domain/order.ts';
import type { DuePayment } from '../store/leases.ts';

export type ClaimedPayments = {
  /** Of orders that this instance has just reserved: their lease keeps other instances from them. */
  payments: DuePayment[];
  /** When the database is polled for others, in milliseconds since 1970. */
  nextPollAt: number;
};

/** When a provider does not keep up, the rest is found in the database once its lease is over. */
const MAX_CLAIMED = 2000;

/**
 * Call it with the orders that a committed transaction changed. This instance processes the payment of an order that was just reserved,
 * which saves another statement and commit to claim it.
 */
export function enqueueReserved(claimed: ClaimedPayments, orders: readonly Order[]): void {
  for (const order of orders) {
    if (order.cancelRequested || order.captureRequested) claimed.nextPollAt = 0;
    else if (order.status === 'reserved' && claimed.payments.length < MAX_CLAIMED) claimed.payments.push(order);
  }
}
