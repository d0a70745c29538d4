import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { columnArrays } from '@tradepost/postgres/column-arrays';
import { sql, type Tx } from '@tradepost/postgres/db';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Order } from '../domain/order.ts';
import { ledgerRows } from './ledger.ts';
import { messagesOf, type NewEntry, traceIdOf } from './timeline.ts';

/** What a batch of transitions comes to. `dueAt` null: nothing is awaited any more. */
export type OrderChanges = {
  orders: readonly { order: Order; dueAt: Date | null }[];
  timeline: readonly NewEntry[];
  events: readonly CloudEvent[];
  ledger: readonly LedgerEntry[];
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
  payment_provider: ['text', ({ order }) => order.paymentProvider],
  payment_token: ['text', ({ order }) => order.paymentToken],
  payment_try: ['int', ({ order }) => order.paymentTry],
  payment_reference: ['text', ({ order }) => order.paymentReference],
  payment_action: ['jsonb', ({ order }) => order.paymentAction && JSON.stringify(order.paymentAction)],
  payment_problem: ['text', ({ order }) => order.paymentProblem],
  capture_requested: ['boolean', ({ order }) => order.captureRequested],
  sends_first: ['boolean', ({ order }) => order.sendsFirst],
  reserved_at: ['timestamptz', ({ order }) => order.reservedAt],
  pay_by: ['timestamptz', ({ order }) => order.payBy],
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
          refunded = t.refunded, cancel_requested = t.cancel_requested, reserved_at = t.reserved_at, pay_by = t.pay_by,
          payment_attempts = case when o.payment_try = t.payment_try then greatest(o.payment_attempts, t.payment_attempts)
            else t.payment_attempts end,
          payment_provider = t.payment_provider, payment_token = t.payment_token, payment_try = t.payment_try,
          payment_reference = t.payment_reference, payment_action = t.payment_action, payment_problem = t.payment_problem,
          capture_requested = t.capture_requested, sends_first = t.sends_first,
          -- Left as it is where that is about right: an update that changes no indexed column touches no index.
          due_at = case when o.due_at between t.due_at - interval '8 seconds' and t.due_at then o.due_at else t.due_at end,
          updated_at = t.updated_at
        from ${orderRows.unnest('t')} where o.id = t.id),
    entries as (
      insert into order_event (order_id, version, type, status, at, data, trace_id, messages)
        select order_id, version, type, status, at, data, trace_id, messages
        from ${entryRows.unnest('e', orderRows.count + 1)}),
    booked as (
      insert into ledger_entry (order_id, type, debit, credit, amount, currency, source, at)
        select order_id, type, debit, credit, amount, currency, source, at
        from ${ledgerRows.unnest('l', orderRows.count + entryRows.count + 1)})
    insert into outbox (event) select value from json_array_elements($${orderRows.count + entryRows.count + ledgerRows.count + 1}::json)`,
);

/**
 * Writes orders that were locked by this transaction, their timeline, their events and the ledger, all in one statement, which goes out
 * with the next one or with the commit.
 */
export function saveChanges(tx: Tx, { orders, timeline, events, ledger }: OrderChanges): void {
  if (orders.length === 0 && timeline.length === 0 && events.length === 0) return;
  const rows = [...orderRows.values(orders), ...entryRows.values(timeline), ...ledgerRows.values(ledger)];
  tx.queue({ ...save([...rows, JSON.stringify(events)]), writesOutbox: events.length > 0 });
}
