import type { Handlers } from '@tradepost/messaging/consumer';
import type { Tx } from '@tradepost/postgres/db';
import type { Context } from '../actions/context.ts';
import { handleMailEvents, type MailEvent } from '../actions/handle-events.ts';

/** One function for all events, so that a batch is one pass that locks all its orders and accounts in one go. */
export function notificationHandlers(ctx: Context): Handlers {
  const handle = (tx: Tx, events: MailEvent[]) => handleMailEvents(tx, ctx, events);
  return {
    'account.created.v1': handle,
    'account.contact-changed.v1': handle,
    'account.mail-requested.v1': handle,
    'order.confirmed.v1': handle,
    'order.payment-needed.v1': handle,
    'order.cancelled.v1': handle,
    'order.rejected.v1': handle,
    'order.fulfilled.v1': handle,
    'order.delivered.v1': handle,
    'order.refunded.v1': handle,
    'order.returned.v1': handle,
    'stock.low.v1': handle,
    'account.erased.v1': handle,
    'order.guest-erased.v1': handle,
  };
}
