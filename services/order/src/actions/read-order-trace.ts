import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Order } from '../domain/order.ts';
import { type Fulfilment, fulfilmentsOf } from '../store/fulfilments.ts';
import { reservationRetriesOf } from '../store/leases.ts';
import { orderById } from '../store/orders.ts';
import { type Refund, refundsOf } from '../store/refunds.ts';
import { type TimelineEntry, type TransitionMessages, traceMessagesOf } from '../store/timeline.ts';
import type { Context } from './context.ts';

/** An order with all that is known of how it came to where it is. */
export type OrderTrace = {
  order: Order;
  entries: (TimelineEntry & TransitionMessages)[];
  /** What it waits for: when it is looked at again, and how often its stock was asked for anew. */
  waiting: { dueAt: Date | null; nudges: number };
  fulfilments: Fulfilment[];
  refunds: Refund[];
};

export async function readOrderTrace({ pool }: Context, id: string): Promise<OrderTrace> {
  const [order, entries, waiting, fulfilments, refunds] = await Promise.all([
    orderById(pool, id),
    traceMessagesOf(pool, id),
    reservationRetriesOf(pool, id),
    fulfilmentsOf(pool, id),
    refundsOf(pool, id),
  ]);
  if (!order) throw new ProblemError('not_found', `There is no order ${id}`);
  return { order, entries, waiting: waiting ?? { dueAt: null, nudges: 0 }, fulfilments, refunds };
}
