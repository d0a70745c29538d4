import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { invoicePath, invoicesQuery, typeText } from '../../api/invoices.ts';
import type { Order, OrderRef } from '../../api/orders.ts';
import { explain } from '../../api/problem.ts';
import { refetchDelay } from '../../api/query-client.ts';
import { calendarDayText, moneyText } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import styles from './invoices.module.css';

/** A document is issued some seconds after its cause; later than this none is expected any more. */
const EXPECTED_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 3_000;

const isNew = ({ updatedAt }: Order): boolean => Date.now() - Date.parse(updatedAt) < EXPECTED_WITHIN_MS;

/** The invoice and the credit notes of an order; nothing where there is none. */
export function OrderInvoices({ order, token }: { order: Order; token: OrderRef['token'] }) {
  const opened = { id: order.id, token };
  const mayHave = order.status !== 'pending' && order.status !== 'reserved' && order.status !== 'rejected';
  const documents = useQuery({
    ...invoicesQuery(opened),
    enabled: mayHave,
    refetchInterval: (query) => (isNew(order) ? LOOK_AGAIN_MS : refetchDelay(query)),
  });
  if (documents.error) {
    return <Notice tone="warn">The invoice cannot be shown. {explain(documents.error)}</Notice>;
  }
  if (!documents.data || documents.data.items.length === 0) return null;
  return (
    <section className={styles.panel} aria-labelledby="invoices">
      <h2 id="invoices" className={styles.heading}>
        Invoice
      </h2>
      <ul className={styles.documents}>
        {documents.data.items.map(({ number, type, issuedOn, gross }) => (
          <li key={number} className={styles.document}>
            <span>
              <Link href={invoicePath(opened, number)}>
                {typeText(type)} {number}
              </Link>
              <span className={styles.soft}>{calendarDayText(issuedOn)}</span>
            </span>
            <span>{moneyText(type === 'invoice' ? gross : { ...gross, amount: -gross.amount })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
