import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Link, useSearchParams } from 'wouter';
import {
  allInvoicesQuery,
  fetchInvoicesCsv,
  type InvoicePeriod,
  invoicePath,
  type ListedInvoice,
  typeText,
} from '../../api/invoices.ts';
import { LoadMore } from '../../api/load-more.tsx';
import { explain } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Button } from '../../design/button.tsx';
import { TextField } from '../../design/field.tsx';
import { useFormSync } from '../../design/form-sync.ts';
import { calendarDayText, moneyText } from '../../design/format.tsx';
import { NoMatches } from '../../design/no-matches.tsx';
import { Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { type Column, Table } from '../../design/table.tsx';
import { shopSettingsQuery } from '../pricing/rules.ts';
import styles from './invoices.module.css';

const fields = ['from', 'to'] as const;

/** The invoices and credit notes of a period, for bookkeeping. The period is in the page's URL. */
export function InvoicesPage() {
  const [params, setParams] = useSearchParams();
  const period = periodOf(params);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const written = new FormData(event.currentTarget);
    setParams(
      new URLSearchParams(
        fields.map((name) => [name, String(written.get(name) ?? '')] as [string, string]).filter(([, value]) => value),
      ),
    );
  };
  const form = useFormSync(Object.fromEntries(fields.map((name) => [name, params.get(name) ?? ''])));
  return (
    <>
      <PageHeading
        title="Invoices"
        lead="The invoices and credit notes that the shop has issued, oldest first."
        actions={<DownloadButton period={period} />}
      />
      <NoLegalName />
      <form className={styles.filters} onSubmit={submit} ref={form}>
        <TextField label="Issued from" name="from" type="date" hint="As the documents have it" />
        <TextField label="Issued until" name="to" type="date" hint="This day included" error={rangeProblem(period)} />
        <div className={styles.actions}>
          <Button type="submit" kind="primary">
            Filter
          </Button>
          {params.size > 0 && (
            <Button kind="quiet" onClick={() => setParams({})}>
              Clear filters
            </Button>
          )}
        </div>
      </form>
      <InvoiceList period={period} />
    </>
  );
}

function periodOf(params: URLSearchParams): InvoicePeriod {
  const day = (name: (typeof fields)[number]) => {
    const text = params.get(name) ?? '';
    return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
  };
  const [from, to] = [day('from'), day('to')];
  return { ...(from && { from }), ...(to && { to }) };
}

/** The page says why a period is empty. */
const rangeProblem = ({ from, to }: InvoicePeriod): string | undefined =>
  from && to && to < from ? 'This is before the first day' : undefined;

/** Says why there are no documents. */
function NoLegalName() {
  const settings = useQuery(shopSettingsQuery);
  if (!settings.data || settings.data.legalName !== undefined) return null;
  return (
    <Notice tone="warn" title="No invoices are issued">
      The shop has no legal name. Enter it under <Link href="/control/pricing/shop">Pricing, Shop</Link>: orders that
      are placed from then on get an invoice.
    </Notice>
  );
}

function DownloadButton({ period }: { period: InvoicePeriod }) {
  const download = useMutation({
    mutationFn: () => fetchInvoicesCsv(period),
    onSuccess: (file) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(file);
      link.download = `invoices${period.from ? `-from-${period.from}` : ''}${period.to ? `-to-${period.to}` : ''}.csv`;
      link.click();
      URL.revokeObjectURL(link.href);
    },
  });
  return (
    <>
      <Button busy={download.isPending} onClick={() => download.mutate()}>
        Download CSV
      </Button>
      {download.error && <Notice tone="bad">The file was not downloaded. {explain(download.error)}</Notice>}
    </>
  );
}

function InvoiceList({ period }: { period: InvoicePeriod }) {
  const invoices = useInfiniteQuery(allInvoicesQuery(period));
  const items = invoices.data?.pages.flatMap((page) => page.items);
  if (!items) {
    return (
      <QueryBoundary query={invoices} what="The invoices" height="24rem">
        {() => null}
      </QueryBoundary>
    );
  }
  if (items.length === 0 && (period.from ?? period.to) === undefined) return <EmptyState title="No invoices yet" />;
  if (items.length === 0) return <NoMatches title="No invoices in this period" />;
  return (
    <div className={styles.list}>
      <Table
        caption="Invoices and credit notes, oldest first"
        rows={items}
        keyOf={({ number }) => number}
        columns={columns}
      />
      <LoadMore query={invoices} />
    </div>
  );
}

/** What is given back counts down. */
const amountText = ({ type }: ListedInvoice, money: ListedInvoice['gross']): string =>
  moneyText(type === 'invoice' ? money : { ...money, amount: 0 - money.amount });

const columns: Column<ListedInvoice>[] = [
  {
    heading: 'Number',
    cell: ({ number, orderId }) => <Link href={invoicePath({ id: orderId }, number)}>{number}</Link>,
  },
  { heading: 'Type', cell: ({ type }) => typeText(type) },
  { heading: 'Issued', cell: ({ issuedOn }) => calendarDayText(issuedOn) },
  {
    heading: 'Order',
    cell: ({ orderNumber, orderId }) => <Link href={`/control/orders/${orderId}`}>{orderNumber}</Link>,
  },
  { heading: 'Customer', cell: ({ customer }) => <bdi>{customer.company ?? customer.name}</bdi> },
  { heading: 'Net', number: true, cell: (row) => amountText(row, row.net) },
  { heading: 'Tax', number: true, cell: (row) => amountText(row, row.tax) },
  { heading: 'Gross', number: true, cell: (row) => amountText(row, row.gross) },
];
