import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { columnArrays } from '@tradepost/postgres/column-arrays';
import { sql, type Tx } from '@tradepost/postgres/db';
import type { Order } from '../domain/order.ts';
import { messagesOf, type NewEntry, traceIdOf } from './timeline.ts';

/** What a batch of transitions comes to. `dueAt` null: nothing is awaited any more. */
export type OrderChanges = {
  orders: readonly { order: Order; dueAt: Date | null }[];
  timeline: readonly NewEntry[];
  events: readonly CloudEvent[];
};

const orderRows = columnArrays<{ order: Order; dueAt: Date | null }>({
  id: ['uuid', ({ order }) => order.id],
  status: ['text', ({ order }) => order.status],
  version: ['int', ({ order }) => order.version],
  reason: ['text', ({ order }) => order.reason],
  captured: ['bigint', ({ order }) => order.captured],
  refunded: ['bigint', ({ order }) => order.refunded],
  cancel_requested: ['boolean', ({ order }) => order.cancelRequested],
  payment_attempts: ['int', ({ order }) => order.paymentAttempts],
  reserved_at: ['timestamptz', ({ order }) => order.reservedAt],
  due_at: ['timestamptz', ({ dueAt }) => dueAt],
  updated_at: ['timestamptz', ({ order }) => order.updatedAt],
});

const entryRows = columnArrays<NewEntry>({
  order_id: ['uuid', (entry) => entry.orderId],
  version: ['int', (entry) => entry.version],
  type: ['text', (entry) => entry.type],
  status: ['text', (entry) => entry.status],
  at: ['timestamptz', (entry) => entry.at],
  data: ['jsonb', (entry) => JSON.stringify(entry.data)],
  trace_id: ['text', (entry) => traceIdOf(entry.traceparent)],
  messages: ['jsonb', (entry) => messagesOf(entry.causedBy, entry.emitted)],
});

const save = sql(
  'order.save-changes',
  `with saved as (
      update orders o set status = t.status, version = t.version, reason = t.reason, captured = t.captured,
          refunded = t.refunded, cancel_requested = t.cancel_requested, reserved_at = t.reserved_at,
          payment_attempts = greatest(o.payment_attempts, t.payment_attempts),
          -- Left as it is where that is about right: an update that changes no indexed column touches no index.
          due_at = case when o.due_at between t.due_at - interval '8 seconds' and t.due_at then o.due_at else t.due_at end,
          payment_token = case when t.status in ('pending', 'reserved') then o.payment_token end,
          updated_at = t.updated_at
        from ${orderRows.unnest('t')} where o.id = t.id),
    entries as (
      insert into order_event (order_id, version, type, status, at, data, trace_id, messages)
        select order_id, version, type, status, at, data, trace_id, messages
        from ${entryRows.unnest('e', orderRows.count + 1)})
    insert into outbox (event) select value from json_array_elements($${orderRows.count + entryRows.count + 1}::json)`,
);

/** Writes orders that were locked by this transaction, their timeline and their events, all in one statement. */
export async function saveChanges(tx: Tx, { orders, timeline, events }: OrderChanges): Promise<void> {
  if (orders.length === 0 && timeline.length === 0 && events.length === 0) return;
  await tx.query(save([...orderRows.values(orders), ...entryRows.values(timeline), JSON.stringify(events)]));
}
