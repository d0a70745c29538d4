import type { Handlers } from '@tradepost/messaging/consumer';
import { applyTransitions } from '../actions/apply-transitions.ts';
import type { Change } from '../actions/change.ts';
import type { Context } from '../actions/context.ts';
import { eraseAccounts } from '../actions/erase-customers.ts';
import { saveProducts } from '../store/sellable-variants.ts';
import { saveSellerStatus } from '../store/seller-status.ts';

/** The handlers of the events that `order` consumes: each batch is one call of `applyTransitions`. */
export function orderHandlers(ctx: Context & { dueOrders: () => void }): Handlers {
  return {
    'product.changed.v1': (tx, events) =>
      saveProducts(
        tx,
        events.map((event) => event.data),
      ),
    'account.status-changed.v1': (tx, events) =>
      saveSellerStatus(
        tx,
        events.map((event) => event.data),
      ),
    'account.erased.v1': async (tx, events) => {
      await eraseAccounts(tx, ctx, events);
      tx.onCommit(ctx.dueOrders);
    },
    'stock.reserved.v1': async (tx, events) => {
      await applyTransitions(
        tx,
        ctx,
        events.map(
          (causedBy): Change => ({ orderId: causedBy.data.orderId, input: { type: 'stock_reserved' }, causedBy }),
        ),
      );
    },
    'stock.rejected.v1': async (tx, events) => {
      await applyTransitions(
        tx,
        ctx,
        events.map((causedBy): Change => {
          const reason = causedBy.data.lines.map((line) => `${line.sku}: ${line.reason}`).join(', ');
          return { orderId: causedBy.data.orderId, input: { type: 'stock_rejected', reason }, causedBy };
        }),
      );
    },
    'stock.reservation-expired.v1': async (tx, events) => {
      await applyTransitions(
        tx,
        ctx,
        events.map(
          (causedBy): Change => ({ orderId: causedBy.data.orderId, input: { type: 'reservation_expired' }, causedBy }),
        ),
      );
    },
  };
}
