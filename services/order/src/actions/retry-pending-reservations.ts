import { outbox } from '@tradepost/postgres/outbox';
import { claimUnanswered } from '../store/leases.ts';
import { lockOrders } from '../store/orders.ts';
import { applyTransitions } from './apply-transitions.ts';
import type { Change } from './change.ts';
import type { Context } from './context.ts';
import { orderPlaced } from './outgoing-events.ts';

export type RetryContext = Context & {
  /** How long an order may wait for an answer about its stock. */
  deadlineMs: number;
};

const BATCH = 100;

/** Asks again about the stock of orders that got no answer, and ends those that have waited past the deadline. */
export async function retryPendingReservations(ctx: RetryContext): Promise<number> {
  return ctx.pool.transaction(async (tx) => {
    const due = await claimUnanswered(tx, BATCH);
    const isLate = (createdAt: Date) => ctx.now().getTime() - createdAt.getTime() > ctx.deadlineMs;
    const late = due.filter((order) => isLate(order.createdAt));
    const changes = late.map(({ orderId }): Change => ({ orderId, input: { type: 'never_reserved' } }));
    if (changes.length > 0) await applyTransitions(tx, ctx, changes);
    const again = due.filter((order) => !isLate(order.createdAt)).map((order) => order.orderId);
    if (again.length > 0) {
      const orders = await lockOrders(tx, again);
      await outbox.add(tx, [...orders.values()].map(orderPlaced));
      tx.onCommit(() => ctx.changed([]));
    }
    return due.length;
  });
}
