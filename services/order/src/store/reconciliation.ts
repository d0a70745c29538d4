import type { Db, Tx } from '@tradepost/postgres/db';
import { uuidv7Floor } from '@tradepost/postgres/uuid';
import type { Order } from '../domain/order.ts';
import { type OrderRow, orderColumns, toOrder } from './order-rows.ts';

/** Sums of the ledger's entries about money at the provider, in minor units. */
export type LedgerTotals = { captured: number; refunded: number; fee: number };

const totals = `select coalesce(sum(e.amount) filter (where e.type = 'capture'), 0)::bigint as ledger_captured,
    coalesce(sum(e.amount) filter (where e.type = 'refund_made'), 0)::bigint as ledger_refunded,
    coalesce(sum(e.amount) filter (where e.type = 'fee'), 0)::bigint as ledger_fee
  from ledger_entry e where e.order_id = `;

type TotalsRow = { ledger_captured: number; ledger_refunded: number; ledger_fee: number };

const toTotals = (row: TotalsRow): LedgerTotals => ({
  captured: row.ledger_captured,
  refunded: row.ledger_refunded,
  fee: row.ledger_fee,
});

export async function ledgerTotalsOf(db: Db, orderId: string): Promise<LedgerTotals> {
  const { rows } = await db.query<TotalsRow>({
    name: 'reconciliation.totals',
    text: `${totals} $1`,
    values: [orderId],
  });
  return rows[0] ? toTotals(rows[0]) : { captured: 0, refunded: 0, fee: 0 };
}

/** An order, without its lines, with what the ledger says of its money at the provider, in minor units. */
export type OrderToReconcile = { order: Omit<Order, 'lines'>; totals: LedgerTotals; lastEntry: number; at: Date };

/** The last entry of the ledger that was compared. */
export async function reconciledUntil(db: Db): Promise<{ ledgerId: number; checkedAt: Date | null }> {
  const { rows } = await db.query<{ ledgerId: number; checkedAt: Date | null }>({
    name: 'reconciliation.position',
    text: 'select ledger_id as "ledgerId", checked_at as "checkedAt" from reconciliation',
  });
  return rows[0] ?? { ledgerId: 0, checkedAt: null };
}

export async function moveReconciliation(db: Db, ledgerId: number, at: Date): Promise<void> {
  await db.query({
    name: 'reconciliation.move',
    text: 'update reconciliation set ledger_id = greatest(ledger_id, $1), checked_at = $2',
    values: [ledgerId, at],
  });
}

/**
 * The orders of the ledger entries after `after`, in their order, until the first that is younger than `quietMs`: by then the provider's
 * own books are up to date, and no transaction with an earlier entry is open any more.
 */
export async function entriesToReconcile(
  db: Db,
  { after, quietMs, limit }: { after: number; quietMs: number; limit: number },
): Promise<OrderToReconcile[]> {
  const { rows } = await db.query<OrderRow & TotalsRow & { last_entry: number; last_at: Date }>({
    name: 'reconciliation.next',
    text: `with entry as (
        select id, order_id, at from ledger_entry where id > $1 and id < coalesce(
          (select min(id) from ledger_entry where id > $1 and at >= now() - $2 * interval '1 millisecond'), 9223372036854775807)
          order by id limit $3),
      touched as (select order_id, max(id) as last_entry, max(at) as last_at from entry group by order_id)
      select ${orderColumns}, t.last_entry, t.last_at, l.*
        from touched t join orders o on o.id = t.order_id, lateral (${totals} o.id) l
        order by t.last_entry`,
    values: [after, quietMs, limit],
  });
  return rows.map((row) => ({
    order: toOrder(row, []),
    totals: toTotals(row),
    lastEntry: row.last_entry,
    at: row.last_at,
  }));
}

/**
 * Books what a version without a ledger has booked on orders while it was replaced: captures and refunds of orders and refunds that
 * were made after `since` and have no entry. One instance does it at a time.
 */
export async function bookMissingEntries(tx: Tx, since: Date): Promise<void> {
  await tx.query({
    name: 'reconciliation.lock',
    text: `select pg_advisory_xact_lock(hashtextextended('missing ledger entries', 0))`,
  });
  await tx.query({
    name: 'reconciliation.missing',
    text: `with refund_since as (
        select r.id, r.order_id, r.amount, r.status, r.created_at, o.currency from refund r join orders o on o.id = r.order_id
          where r.id > $1 and r.amount > 0)
      insert into ledger_entry (order_id, type, debit, credit, amount, currency, source, at)
        select o.id, 'capture', 'provider_balance', 'customer_payments', o.captured, o.currency, 'try ' || o.payment_try, o.updated_at
          from orders o where o.id > $1 and o.captured > 0
            and not exists (select from ledger_entry e where e.order_id = o.id and e.type = 'capture')
        union all
        select r.order_id, 'refund_booked', 'customer_payments', 'refunds_payable', r.amount, r.currency, 'refund ' || r.id, r.created_at
          from refund_since r where not exists (
            select from ledger_entry e where e.order_id = r.order_id and e.type = 'refund_booked' and e.source = 'refund ' || r.id)
        union all
        select r.order_id, 'refund_made', 'refunds_payable', 'provider_balance', r.amount, r.currency, 'refund ' || r.id, r.created_at
          from refund_since r where r.status = 'done' and not exists (
            select from ledger_entry e where e.order_id = r.order_id and e.type = 'refund_made' and e.source = 'refund ' || r.id)`,
    values: [uuidv7Floor(since)],
  });
}
