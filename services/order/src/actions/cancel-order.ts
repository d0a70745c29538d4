import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Order } from '../domain/order.ts';
import { lockOrders } from '../store/orders.ts';
import { type Actor, isCustomer, mayCancel } from './access.ts';
import { applyTransitionsLocked } from './apply-transitions.ts';
import type { Context } from './context.ts';

/**
 * Cancels an order that is not on its way yet. One that is just being paid is cancelled once the provider has
 * answered (`cancelRequested` tells); one that was paid is refunded. Cancelling again changes nothing.
 */
export async function cancelOrder(ctx: Context, actor: Actor, id: string): Promise<Order> {
  return ctx.pool.transaction(async (tx) => {
    const locked = await lockOrders(tx, [id]);
    const seen = mayCancel(locked.get(id) ?? null, id, actor);
    const by = isCustomer(seen, actor) ? 'customer' : 'operator';
    const input = { type: 'cancel_requested', by } as const;
    const { orders, changed } = await applyTransitionsLocked(tx, ctx, locked, [{ orderId: id, input }]);
    const order = orders.get(id) ?? seen;
    const standsAlready = order.status === 'cancelled' || order.cancelRequested;
    if (changed.has(id) || standsAlready) return order;
    throw new ProblemError('order_not_cancellable', `The order is ${order.status}: it can no longer be cancelled`, {
      extra: { orderStatus: order.status },
    });
  });
}
