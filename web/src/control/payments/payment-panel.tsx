import { useQuery } from '@tanstack/react-query';
import type { Order } from '../../api/orders.ts';
import { useMay } from '../../api/permissions.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Panel } from '../../design/layout.tsx';
import { CaptureButton } from './capture-button.tsx';
import { LedgerTable } from './ledger-table.tsx';
import { paymentStatusText } from './ledger-words.ts';
import { ledgerQuery } from './payment-queries.ts';
import styles from './payments.module.css';

/** How an order is paid, where its payment stands, and every movement of its money. */
export function PaymentPanel({ order }: { order: Order }) {
  const ledger = useQuery(ledgerQuery(order.id));
  const canCapture = useMay()('payments:write');
  const { provider, reference, problem, action } = order.payment;
  const facts = [
    ['Provider', provider],
    ['Status', paymentStatusText(order)],
    ['Reference', action?.type === 'bank_transfer' ? action.reference : reference],
    ['Problem', problem?.replaceAll('_', ' ')],
  ];
  return (
    <Panel title="Payment" actions={canCapture && <CaptureButton order={order} />}>
      <dl className={styles.facts}>
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <QueryBoundary query={ledger} what="The ledger" height="6rem">
        {({ items }) =>
          items.length === 0 ? (
            <p className={styles.soft}>The ledger has no entry of this order: no money has moved.</p>
          ) : (
            <LedgerTable entries={items} />
          )
        }
      </QueryBoundary>
    </Panel>
  );
}
