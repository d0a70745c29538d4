import { columnArrays } from '@tradepost/postgres/column-arrays';
import { type Db, sql } from '@tradepost/postgres/db';
import type { LedgerEntry } from '../domain/ledger.ts';

/** For statements that write entries of the ledger. */
export const ledgerRows = columnArrays<LedgerEntry>({
  order_id: ['uuid', (entry) => entry.orderId],
  type: ['text', (entry) => entry.type],
  debit: ['text', (entry) => entry.debit],
  credit: ['text', (entry) => entry.credit],
  amount: ['bigint', (entry) => entry.amount],
  currency: ['text', (entry) => entry.currency],
  source: ['text', (entry) => entry.source],
  at: ['timestamptz', (entry) => entry.at],
});

const insert = sql(
  'ledger.insert',
  `insert into ledger_entry (order_id, type, debit, credit, amount, currency, source, at)
    select order_id, type, debit, credit, amount, currency, source, at from ${ledgerRows.unnest('l')}`,
);

export async function insertLedgerEntries(db: Db, entries: readonly LedgerEntry[]): Promise<void> {
  if (entries.length > 0) await db.query(insert(ledgerRows.values(entries)));
}

/** The entries of an order, oldest first. */
export async function ledgerOfOrder(db: Db, orderId: string): Promise<LedgerEntry[]> {
  const { rows } = await db.query<LedgerEntry>({
    name: 'ledger.of-order',
    text: `select order_id as "orderId", type, debit, credit, amount, currency, source, at from ledger_entry
      where order_id = $1 order by id`,
    values: [orderId],
  });
  return rows;
}

/** An order whose rows and ledger do not say the same; amounts in minor units. */
export type Imbalance = { orderId: string; account: string; ledger: number; order: number };

/**
 * The proof that the ledger balances with the orders: for each order, what its row says is what the sum of its entries says. Answers
 * the orders for which it does not hold, and so nothing where all is well.
 */
export async function findImbalances(db: Db, limit: number): Promise<Imbalance[]> {
  const { rows } = await db.query<Imbalance>({
    name: 'ledger.imbalances',
    text: `with entry as (
        select order_id, debit as account, amount from ledger_entry
        union all
        select order_id, credit, -amount from ledger_entry),
      balance as (
        select order_id,
            -coalesce(sum(amount) filter (where account = 'customer_payments'), 0) as customer_payments,
            -coalesce(sum(amount) filter (where account = 'refunds_payable'), 0) as refunds_payable,
            coalesce(sum(amount) filter (where account = 'authorized_funds'), 0) as authorized_funds
          from entry group by order_id),
      waiting as (select order_id, sum(amount) as amount from refund where status = 'pending' group by order_id),
      said as (
        select o.id, o.captured - o.refunded as customer_payments, coalesce(w.amount, 0) as refunds_payable,
            case when o.status = 'authorized' and not o.sends_first then o.amount else 0 end as authorized_funds
          from orders o left join waiting w on w.order_id = o.id)
      select s.id as "orderId", a.account, a.ledger::bigint as ledger, a."order"::bigint as "order"
        from said s left join balance b on b.order_id = s.id,
          lateral (values
            ('customer_payments', coalesce(b.customer_payments, 0), s.customer_payments),
            ('refunds_payable', coalesce(b.refunds_payable, 0), s.refunds_payable),
            ('authorized_funds', coalesce(b.authorized_funds, 0), s.authorized_funds)) as a(account, ledger, "order")
        where a.ledger <> a."order" order by s.id, a.account limit $1`,
    values: [limit],
  });
  return rows;
}

/** The sum of every account, in minor units by currency. They add up to nothing. */
export async function accountBalances(db: Db): Promise<{ account: string; currency: string; balance: number }[]> {
  const { rows } = await db.query<{ account: string; currency: string; balance: number }>({
    name: 'ledger.balances',
    text: `select account, currency, sum(amount)::bigint as balance from (
        select debit as account, currency, amount from ledger_entry
        union all
        select credit, currency, -amount from ledger_entry) as entry
      group by account, currency order by account, currency`,
  });
  return rows;
}
