import type { Handlers } from '@tradepost/messaging/consumer';
import { advance, type Change } from '../actions/advance.ts';
import type { Context } from '../actions/context.ts';
import { saveProducts } from '../store/sellable-variants.ts';
import { saveSellerStatus } from '../store/seller-status.ts';

/** What `order` does about the events it listens to: each batch is one pass through `advance`. */
export function orderHandlers(ctx: Context): Handlers {
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
    'stock.reserved.v1': async (tx, events) => {
      await advance(
        tx,
        ctx,
        events.map((heard): Change => ({ orderId: heard.data.orderId, happening: { type: 'stock_reserved' }, heard })),
      );
    },
    'stock.rejected.v1': async (tx, events) => {
      await advance(
        tx,
        ctx,
        events.map((heard): Change => {
          const reason = heard.data.lines.map((line) => `${line.sku}: ${line.reason}`).join(', ');
          return { orderId: heard.data.orderId, happening: { type: 'stock_rejected', reason }, heard };
        }),
      );
    },
    'stock.reservation-expired.v1': async (tx, events) => {
      await advance(
        tx,
        ctx,
        events.map(
          (heard): Change => ({ orderId: heard.data.orderId, happening: { type: 'reservation_expired' }, heard }),
        ),
      );
    },
  };
}
