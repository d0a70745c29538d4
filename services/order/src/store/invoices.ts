import { columnArrays } from '@tradepost/postgres/column-arrays';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import type { InvoiceFacts, IssuedInvoice } from '../domain/invoice.ts';

/** What an order has of documents; the migration explains the states. */
export type InvoicingState = 'wanted' | 'issued' | 'reversed' | null;

export type OrderToInvoice = InvoiceFacts & { id: string; invoicing: InvoicingState; credited: number };

/**
 * Locks orders whose documents are due, by their ids, from after `after` on. Rows that another transaction has locked are skipped: they
 * are still due in the next round, unless that transaction was the same task of another instance.
 */
export async function claimOrdersToInvoice(tx: Tx, after: string | null, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({
    name: 'invoice.claim-orders',
    text: `select id from orders
      where ((invoicing = 'wanted' and (captured > 0 or sends_first or (amount = 0 and due_at is null)))
          or (invoicing = 'issued' and (refunded > credited or (captured = 0 and reason is not null))))
        and ($1::uuid is null or id > $1)
      order by id limit $2 for update skip locked`,
    values: [after, limit],
  });
  return rows.map(({ id }) => id);
}

/** What an invoice needs to know of orders beside themselves; they are locked, so it is read after that. */
export async function ordersToInvoice(tx: Tx, ids: readonly string[]): Promise<Map<string, OrderToInvoice>> {
  const { rows } = await tx.query<OrderToInvoice>({
    name: 'invoice.facts',
    text: `select o.id, o.invoicing, o.credited,
        case when not exists (select from order_line l where l.order_id = o.id and l.fulfilled + l.withdrawn < l.quantity)
          then (select max(f.created_at) from fulfilment f where f.order_id = o.id) end as "suppliedAt",
        (select min(e.at) from ledger_entry e where e.order_id = o.id and e.type = 'capture') as "paidAt"
      from orders o where o.id = any($1::uuid[])`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

export async function saveInvoicing(
  tx: Tx,
  changes: readonly { id: string; invoicing: InvoicingState; credited: number }[],
): Promise<void> {
  await tx.query({
    name: 'invoice.save-orders',
    text: `update orders o set invoicing = t.invoicing, credited = t.credited
      from unnest($1::uuid[], $2::text[], $3::bigint[]) as t(id, invoicing, credited) where o.id = t.id`,
    values: [
      changes.map(({ id }) => id),
      changes.map(({ invoicing }) => invoicing),
      changes.map(({ credited }) => credited),
    ],
  });
}

/** The last number of a series. */
export type InvoiceCounter = { series: string; year: number; last: number; issuedAt: Date };

/** Locks counters, in one order everywhere, and makes those that are missing. Whoever else issues documents waits for the commit. */
export async function lockInvoiceCounters(tx: Tx, series: readonly string[]): Promise<Map<string, InvoiceCounter>> {
  const sorted = series.toSorted();
  await tx.query({
    name: 'invoice-counter.insert',
    text: `insert into invoice_counter (series, year, last, issued_at)
      select series, 0, 0, to_timestamp(0) from unnest($1::text[]) as t(series)
        where not exists (select from invoice_counter c where c.series = t.series) order by series
      on conflict do nothing`,
    values: [sorted],
  });
  const { rows } = await tx.query<InvoiceCounter>({
    name: 'invoice-counter.lock',
    text: `select series, year, last, issued_at as "issuedAt" from invoice_counter where series = any($1::text[])
      order by series for update`,
    values: [sorted],
  });
  return new Map(rows.map((row) => [row.series, row]));
}

export async function saveInvoiceCounter(tx: Tx, { series, year, last, issuedAt }: InvoiceCounter): Promise<void> {
  await tx.query({
    name: 'invoice-counter.save',
    text: 'update invoice_counter set year = $2, last = $3, issued_at = $4 where series = $1',
    values: [series, year, last, issuedAt],
  });
}

/** A document that is to be written. */
export type NewInvoice = {
  orderId: string;
  refundId: string | null;
  series: string;
  year: number;
  sequence: number;
  issuedAt: Date;
  content: IssuedInvoice;
};

const invoiceRows = columnArrays<NewInvoice>({
  number: ['text', ({ content }) => content.number],
  type: ['text', ({ content }) => content.type],
  series: ['text', ({ series }) => series],
  year: ['int', ({ year }) => year],
  sequence: ['int', ({ sequence }) => sequence],
  order_id: ['uuid', ({ orderId }) => orderId],
  refund_id: ['uuid', ({ refundId }) => refundId],
  invoice_number: ['text', ({ content }) => content.invoiceNumber],
  issued_at: ['timestamptz', ({ issuedAt }) => issuedAt],
  currency: ['text', ({ content }) => content.currency],
  net: ['bigint', ({ content }) => content.net],
  tax: ['bigint', ({ content }) => content.tax],
  gross: ['bigint', ({ content }) => content.gross],
  content: ['jsonb', ({ content }) => JSON.stringify(content)],
});

const insert = sql(
  'invoice.insert',
  `insert into invoice (number, type, series, year, sequence, order_id, refund_id, invoice_number, issued_at, currency, net, tax, gross, content)
    select number, type, series, year, sequence, order_id, refund_id, invoice_number, issued_at, currency, net, tax, gross, content
    from ${invoiceRows.unnest('t')}`,
);

export const insertInvoices = async (tx: Tx, invoices: readonly NewInvoice[]): Promise<void> => {
  if (invoices.length > 0) await tx.query(insert(invoiceRows.values(invoices)));
};

/** A document, with what it belongs to. */
export type StoredInvoice = { orderId: string; refundId: string | null; issuedAt: Date; content: IssuedInvoice };

/** All documents of orders, by order, oldest first. */
export async function invoicesOfOrders(db: Db, orderIds: readonly string[]): Promise<Map<string, StoredInvoice[]>> {
  const { rows } = await db.query<StoredInvoice>({
    name: 'invoice.of-orders',
    text: `select order_id as "orderId", refund_id as "refundId", issued_at as "issuedAt", content from invoice
      where order_id = any($1::uuid[]) order by issued_at, (type = 'credit_note'), sequence`,
    values: [orderIds],
  });
  return Map.groupBy(rows, ({ orderId }) => orderId);
}

/** One page of all documents of a period, oldest first. */
export type InvoicePeriod = {
  /** The first and the last day of issue, as the documents have them. */
  from: string;
  to: string;
  after: { issuedAt: Date; number: string } | null;
  limit: number;
};

const HOUR_MS = 3_600_000;

/** The day of a document is of the shop's time zone, at most 14 hours from UTC: the index finds these moments, and the day decides. */
export async function listInvoices(db: Db, { from, to, after, limit }: InvoicePeriod): Promise<StoredInvoice[]> {
  const earliest = new Date(Date.parse(from) - 14 * HOUR_MS);
  const latest = new Date(Date.parse(to) + (24 + 14) * HOUR_MS);
  const { rows } = await db.query<StoredInvoice>({
    name: 'invoice.of-period',
    text: `select order_id as "orderId", refund_id as "refundId", issued_at as "issuedAt", content from invoice
      where issued_at between $1 and $2 and content ->> 'issuedOn' between $6 and $7
        and ($3::timestamptz is null or (issued_at, number) > ($3, $4::text))
      order by issued_at, number limit $5`,
    values: [earliest, latest, after?.issuedAt ?? null, after?.number ?? null, limit, from, to],
  });
  return rows;
}

/**
 * Deletes documents that need not be kept any more (`invoice_kept_until`), at most `limit`, and returns how many. An invoice goes after its
 * credit notes. The first condition only lets an index find them.
 */
export async function removeExpiredInvoices(db: Db, now: Date, limit: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'invoice.remove-expired',
    text: `delete from invoice where number in (
      select i.number from invoice i where i.issued_at < $1::timestamptz - interval '10 years' and invoice_kept_until(i.issued_at) <= $1
        and not exists (select from invoice c where c.invoice_number = i.number) order by i.issued_at limit $2)`,
    values: [now, limit],
  });
  return rowCount;
}
