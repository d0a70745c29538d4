import type { Order } from '../domain/order.ts';
import { orderById } from '../store/orders.ts';
import type { Context } from './context.ts';

/** Waits while `isWaiting` holds for the order, or until the time is up, or the service is to stop; answers it as it is then. */
export async function waitForOrder(
  ctx: Pick<Context, 'pool' | 'orderChanges' | 'stopping'>,
  order: Order,
  seconds: number,
  isWaiting: (order: Order) => boolean,
): Promise<Order> {
  // Made by hand: a signal that was made of others, with a timer that cannot be cleared, outlives every answer.
  const over = new AbortController();
  const giveUp = () => over.abort();
  const timer = setTimeout(giveUp, seconds * 1000);
  ctx.stopping.addEventListener('abort', giveUp);
  if (ctx.stopping.aborted) giveUp();
  let current = order;
  while (isWaiting(current) && !over.signal.aborted) {
    const told = await ctx.orderChanges.next(current.id, current.version, over.signal);
    current = told ?? (await orderById(ctx.pool, current.id)) ?? current;
  }
  clearTimeout(timer);
  ctx.stopping.removeEventListener('abort', giveUp);
  return current;
}

/**
 * Waits until an order is settled or needs its customer, or an authorised one's goods: whatever comes next is not decided within
 * seconds. What was asked for on it, a cancellation or the money, is waited for too.
 */
export const waitUntilSettled = (ctx: Context, order: Order, seconds: number): Promise<Order> =>
  waitForOrder(ctx, order, seconds, isUnderWay);

const isUnderWay = ({ status, cancelRequested, captureRequested }: Order): boolean =>
  status === 'pending' ||
  status === 'reserved' ||
  ((status === 'awaiting_payment' || status === 'authorized') && (cancelRequested || captureRequested));
