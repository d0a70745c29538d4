import { isSettled, type Order } from '../domain/order.ts';
import { orderById } from '../store/orders.ts';
import type { Context } from './context.ts';

/** Waits until the order is settled, or the time is up, or the service is to stop; answers it as it is then. */
export async function waitUntilSettled(ctx: Context, order: Order, seconds: number): Promise<Order> {
  // Made by hand: a signal that was made of others, with a timer that cannot be cleared, outlives every answer.
  const over = new AbortController();
  const giveUp = () => over.abort();
  const timer = setTimeout(giveUp, seconds * 1000);
  ctx.stopping.addEventListener('abort', giveUp);
  if (ctx.stopping.aborted) giveUp();
  let current = order;
  while (!isSettled(current.status) && !over.signal.aborted) {
    const told = await ctx.watch.next(current.id, current.version, over.signal);
    current = told ?? (await orderById(ctx.pool, current.id)) ?? current;
  }
  clearTimeout(timer);
  ctx.stopping.removeEventListener('abort', giveUp);
  return current;
}
