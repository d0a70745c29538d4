import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { sql, type Tx } from '@tradepost/postgres/db';
import type { Order } from '../domain/order.ts';
import { messagesOf, type NewEntry, traceIdOf } from './timeline.ts';

/** What a batch of transitions comes to. `dueAt` null: nothing is awaited any more. */
export type OrderChanges = {
  orders: readonly { order: Order; dueAt: Date | null }[];
  timeline: readonly NewEntry[];
  events: readonly CloudEvent[];
};

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
        from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::bigint[], $6::bigint[], $7::boolean[],
          $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $20::int[])
          as t(id, status, version, reason, captured, refunded, cancel_requested, reserved_at, due_at, updated_at,
            payment_attempts)
        where o.id = t.id),
    told as (
      insert into order_event (order_id, version, type, status, at, data, trace_id, messages)
        select * from unnest($11::uuid[], $12::int[], $13::text[], $14::text[], $15::timestamptz[], $16::jsonb[],
          $17::text[], $18::jsonb[]))
    insert into outbox (event) select value from json_array_elements($19::json)`,
);

/** Writes orders that were locked by this transaction, their timeline and their events, all in one statement. */
export async function saveChanges(tx: Tx, { orders: saved, timeline, events }: OrderChanges): Promise<void> {
  if (saved.length === 0 && timeline.length === 0 && events.length === 0) return;
  const orders = saved.map((entry) => entry.order);
  await tx.query(
    save([
      orders.map((order) => order.id),
      orders.map((order) => order.status),
      orders.map((order) => order.version),
      orders.map((order) => order.reason),
      orders.map((order) => order.captured),
      orders.map((order) => order.refunded),
      orders.map((order) => order.cancelRequested),
      orders.map((order) => order.reservedAt),
      saved.map((entry) => entry.dueAt),
      orders.map((order) => order.updatedAt),
      timeline.map((entry) => entry.orderId),
      timeline.map((entry) => entry.version),
      timeline.map((entry) => entry.type),
      timeline.map((entry) => entry.status),
      timeline.map((entry) => entry.at),
      timeline.map((entry) => JSON.stringify(entry.data)),
      timeline.map((entry) => traceIdOf(entry.traceparent)),
      timeline.map((entry) => messagesOf(entry.heard, entry.told)),
      JSON.stringify(events),
      orders.map((order) => order.paymentAttempts),
    ]),
  );
}
