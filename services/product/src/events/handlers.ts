import type { Handlers } from '@tradepost/messaging/consumer';
import type { Tx } from '@tradepost/postgres/db';
import { applyOrderEvents } from '../actions/apply-order-events.ts';
import type { Context } from '../actions/context.ts';
import { eraseAccounts } from '../actions/erase-accounts.ts';
import { changeSellerStatus } from '../actions/suspend-sellers.ts';
import type { OrderEvent } from '../domain/reservation.ts';

/**
 * What `product` does about orders and accounts. It is one function for all events of orders, so that a batch is one pass in the order of
 * arrival, which locks all its rows in one go.
 */
export function productHandlers(ctx: Context): Handlers {
  const settle = (tx: Tx, events: OrderEvent[]) => applyOrderEvents(tx, ctx, events);
  return {
    'order.placed.v1': settle,
    'order.confirmed.v1': settle,
    'order.cancelled.v1': settle,
    'order.refunded.v1': settle,
    'order.returned.v1': settle,
    'account.erased.v1': eraseAccounts,
    'account.status-changed.v1': (tx, events) => changeSellerStatus(tx, ctx, events),
  };
}
