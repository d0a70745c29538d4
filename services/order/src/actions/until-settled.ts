import { isSettled, type Order } from '../domain/order.ts';
import { orderById } from '../store/orders.ts';
import type { Context } from './context.ts';

/** Waits until the order is settled, or the time is up, or the service is to stop; answers it as it is then. */
export async function untilSettled(ctx: Context, order: Order, seconds: number): Promise<Order> {
  const signal = AbortSignal.any([AbortSignal.timeout(seconds * 1000), ctx.stopping]);
  let current = order;
  while (!isSettled(current.status) && !signal.aborted) {
    await ctx.watch.next(current.id, current.version, signal);
    current = (await orderById(ctx.pool, current.id)) ?? current;
  }
  return current;
}
