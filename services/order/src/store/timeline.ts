import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { OrderStatus } from '@tradepost/contracts/order-status';
import type { Db } from '@tradepost/postgres/db';

/** One entry of an order's timeline; `version` is the order's version after it. */
export type TimelineEntry = {
  orderId: string;
  version: number;
  type: string;
  status: OrderStatus;
  at: Date;
  data: Record<string, unknown>;
};

/** A message, as the timeline remembers it. */
export type MessageReference = { id: string; type: string };

/** What is remembered of how an entry came about: its trace, the message that caused it, and those that left with it. */
export type TransitionMessages = { traceId: string | null; heard?: MessageReference; told: MessageReference[] };

/** The trace that a `traceparent` belongs to. Source: https://www.w3.org/TR/trace-context/#traceparent-header */
export const traceIdOf = (traceparent: string | null | undefined): string | null => traceparent?.split('-')[1] ?? null;

/** The messages of an entry, as they are stored; null where there are none. */
export function messagesOf(heard: CloudEvent | undefined, told: readonly CloudEvent[]): string | null {
  if (!heard && told.length === 0) return null;
  return JSON.stringify({ ...(heard && { heard: mention(heard) }), told: told.map(mention) });
}

const mention = ({ id, type }: CloudEvent): MessageReference => ({ id, type });

export type NewEntry = TimelineEntry & {
  traceparent: string | null;
  causedBy: CloudEvent | undefined;
  emitted: readonly CloudEvent[];
};

/** What happened to an order after `version`, oldest first; an order has few entries, so there is no paging. */
export async function timelineAfter(db: Db, orderId: string, version: number): Promise<TimelineEntry[]> {
  const { rows } = await db.query<Omit<TimelineEntry, 'orderId'>>({
    name: 'timeline.after',
    text: `select version, type, status, at, data from order_event
      where order_id = $1 and version > $2 order by version`,
    values: [orderId, version],
  });
  return rows.map((row) => ({ orderId, ...row }));
}

/** The whole timeline of an order, with how each entry came about. */
export async function traceMessagesOf(db: Db, orderId: string): Promise<(TimelineEntry & TransitionMessages)[]> {
  const { rows } = await db.query<
    Omit<TimelineEntry, 'orderId'> & {
      trace_id: string | null;
      messages: { heard?: MessageReference; told: MessageReference[] } | null;
    }
  >({
    name: 'timeline.flow',
    text: `select version, type, status, at, data, trace_id, messages from order_event
      where order_id = $1 order by version`,
    values: [orderId],
  });
  return rows.map(({ trace_id: traceId, messages, ...entry }) => ({
    orderId,
    ...entry,
    traceId,
    ...(messages ?? { told: [] }),
  }));
}

/** The present version of each of the orders, for those who watch them. */
export async function versionsOf(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.query<{ id: string; version: number }>({
    name: 'order.versions',
    text: 'select id, version from orders where id = any($1::uuid[])',
    values: [ids],
    genericPlan: true,
  });
  return new Map(rows.map((row) => [row.id, row.version]));
}
