import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Order } from '../domain/order.ts';
import { isCapturable } from '../domain/payment-transitions.ts';
import { lockOrders } from '../store/orders.ts';
import { type Actor, mayCapture } from './access.ts';
import { applyTransitionsLocked } from './apply-transitions.ts';
import type { Context } from './context.ts';

/**
 * Asks for the money of an order that was authorised; of one that is paid by a transfer or afterwards, it says that the money has
 * come. The provider is asked behind the request. Asking again changes nothing.
 */
export async function captureOrder(ctx: Context, actor: Actor, id: string): Promise<Order> {
  return ctx.pool.transaction(async (tx) => {
    const locked = await lockOrders(tx, [id]);
    const order = mayCapture(locked.get(id) ?? null, id, actor);
    if (order.captured > 0 || order.captureRequested) return order;
    if (!isCapturable(order) || order.cancelRequested) {
      throw new ProblemError('order_not_capturable', problemOf(order), { extra: { orderStatus: order.status } });
    }
    const { orders } = await applyTransitionsLocked(tx, ctx, locked, [
      { orderId: id, input: { type: 'capture_requested' } },
    ]);
    return orders.get(id) ?? order;
  });
}

const problemOf = ({ status, cancelRequested }: Order): string =>
  cancelRequested ? 'The order is being cancelled' : `The order is ${status}: no money of it is waiting to be taken`;
