import { type Expectations, type Problem, problems, rowsOf, type SystemUnderAudit } from './system-under-audit.ts';

type Row = { subject: string; what: string };

/** Each series of a year counts 1, 2, 3 …, as far as its counter has come. */
const gaps = `select i.series || '-' || i.year as subject,
    format('series %s of %s: numbers %s to %s for %s documents, the counter is at %s',
      i.series, i.year, min(i.sequence), max(i.sequence), count(*), coalesce(max(c.last)::text, 'nothing')) as what
  from invoice i left join invoice_counter c on c.series = i.series and c.year = i.year
  group by i.series, i.year
  having min(i.sequence) <> 1 or max(i.sequence) <> count(*) or max(c.last) is distinct from max(i.sequence)`;

/** What an order has of documents, and what it should have by its money. */
const wrongOrders = `with documents as (
    select order_id, sum(gross) filter (where type = 'invoice') as invoiced,
      sum(gross) filter (where refund_id is not null) as refunded,
      sum(gross) filter (where type = 'credit_note' and refund_id is null) as reversed
    from invoice group by order_id),
  found as (
    select o.id, case
        when o.captured > 0 and d.invoiced is null then 'is paid and has no invoice'
        when o.captured = 0 and d.invoiced > coalesce(d.reversed, 0) + coalesce(d.refunded, 0) and o.status = 'cancelled'
          then 'ended unpaid and its invoice stands'
        when d.invoiced <> o.amount then format('costs %s, and its invoice says %s', o.amount, d.invoiced)
        when d.invoiced is not null and o.captured > 0 and coalesce(d.refunded, 0) <> o.refunded
          then format('gives back %s, and its credit notes say %s', o.refunded, coalesce(d.refunded, 0))
      end as what
    from orders o left join documents d on d.order_id = o.id)
  select id as subject, format('order %s %s', id, what) as what from found where what is not null`;

/** Numbers of documents have no gaps, and what invoices and credit notes say of an order is what it costs and gives back. */
export async function invoicesAddUp(
  system: SystemUnderAudit,
  { hasInvoices = false }: Expectations,
): Promise<Problem[]> {
  const rows = await rowsOf<Row>(system.order, gaps);
  if (hasInvoices) rows.push(...(await rowsOf<Row>(system.order, wrongOrders)));
  return problems('mismatched', rows, ({ subject, what }) => [subject, what]);
}
