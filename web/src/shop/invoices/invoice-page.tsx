import { useQuery } from '@tanstack/react-query';
import { useParams, useSearchParams } from 'wouter';
import { type Invoice, invoiceQuery, typeText } from '../../api/invoices.ts';
import { orderPath } from '../../api/orders.ts';
import { hasCode } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { useAccount } from '../../api/session.ts';
import { Button, LinkButton } from '../../design/button.tsx';
import { Page, PageHeading, useDocumentTitle } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { SignInFirst } from '../orders/sign-in-first.tsx';
import styles from './invoice-page.module.css';
import { InvoiceSheet } from './invoice-sheet.tsx';

/** An invoice or a credit note, as a sheet to print. */
export function InvoicePage() {
  const { id = '', number = '' } = useParams<{ id: string; number: string }>();
  const [params] = useSearchParams();
  const token = params.get('token') ?? undefined;
  const account = useAccount();
  if (!account && token === undefined) {
    return <SignInFirst title="Invoice" next={`/orders/${id}/invoices/${number}`} />;
  }
  return <InvoiceOf key={`${account?.id} ${id} ${number}`} order={{ id, token }} number={number} />;
}

type InvoiceReference = { order: { id: string; token: string | undefined }; number: string };

function InvoiceOf({ order, number }: InvoiceReference) {
  const invoice = useQuery(invoiceQuery({ ...order, number }));
  if (invoice.data) return <InvoiceView order={order} invoice={invoice.data} />;
  return (
    <Page>
      <PageHeading title="Invoice" />
      {hasCode(invoice.error, 'not_found') || hasCode(invoice.error, 'validation_failed') ? (
        <EmptyState title="There is no such invoice" action={<LinkButton href="/orders">See your orders</LinkButton>} />
      ) : (
        <QueryBoundary query={invoice} what="The invoice" height="24rem">
          {() => null}
        </QueryBoundary>
      )}
    </Page>
  );
}

function InvoiceView({ order, invoice }: { order: InvoiceReference['order']; invoice: Invoice }) {
  // The name of the file, where it is saved as PDF.
  useDocumentTitle(`${typeText(invoice.type)} ${invoice.number}`);
  return (
    <Page>
      <div className={styles.controls}>
        <LinkButton href={orderPath(order)}>Back to the order</LinkButton>
        <Button kind="primary" onClick={() => print()}>
          Print or save as PDF
        </Button>
      </div>
      <InvoiceSheet invoice={invoice} />
    </Page>
  );
}
