import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { useMay } from '../../api/permissions.ts';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Time } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { type Column, Table } from '../../design/table.tsx';
import { toast } from '../../design/toast.tsx';
import { type PaymentDifference, reconciliationQuery, resolveDifference } from './payment-queries.ts';
import styles from './payments.module.css';

/** What a payment provider's books say otherwise, each with a button that resolves it. */
export function DifferenceTable({ differences }: { differences: readonly PaymentDifference[] }) {
  const [resolved, setResolved] = useState<PaymentDifference>();
  const close = () => setResolved(undefined);
  const canResolve = useMay()('payments:write');
  return (
    <>
      <Table
        caption="Differences from the books of payment providers"
        rows={differences}
        keyOf={({ id }) => id}
        columns={[
          { heading: 'Found', cell: ({ foundAt }) => <Time at={foundAt} /> },
          {
            heading: 'Order',
            cell: ({ orderId, orderNumber }) => <Link href={`/control/orders/${orderId}`}>{orderNumber}</Link>,
          },
          { heading: 'What', cell: ({ description }) => description },
          { heading: 'Ledger', cell: ({ ledger }) => amountsText(ledger) },
          { heading: 'Provider', cell: ({ provider }) => amountsText(provider) },
          ...(canResolve ? [resolveColumn(setResolved)] : []),
        ]}
      />
      <Dialog
        title={`Resolve the difference of order ${resolved?.orderNumber}?`}
        open={resolved !== undefined}
        onOpenChange={(open) => !open && close()}
      >
        {resolved && <Question difference={resolved} onDone={close} />}
      </Dialog>
    </>
  );
}

const resolveColumn = (onResolve: (difference: PaymentDifference) => void): Column<PaymentDifference> => ({
  heading: 'Actions',
  cell: (difference) => (
    <Button
      kind="quiet"
      aria-label={`Resolve the difference of order ${difference.orderNumber}`}
      onClick={() => onResolve(difference)}
    >
      Resolve
    </Button>
  ),
});

function Question({ difference, onDone }: { difference: PaymentDifference; onDone: () => void }) {
  const client = useQueryClient();
  const resolving = useMutation({
    mutationFn: () => resolveDifference(difference.id),
    onSuccess: async () => {
      toast('The difference is resolved');
      await client.invalidateQueries(reconciliationQuery);
      onDone();
    },
    meta: { part: 'orders' },
  });
  return (
    <div className={styles.form}>
      {resolving.error && <Notice tone="bad">{explain(resolving.error)}</Notice>}
      <p>{difference.description}</p>
      <p>It is not shown any more then. Neither the ledger nor the provider’s books are changed.</p>
      <div className={styles.actions}>
        <Button kind="primary" busy={resolving.isPending} onClick={() => resolving.mutate()}>
          Resolve
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </div>
  );
}

const amountsText = (amounts: Readonly<Record<string, unknown>>): string =>
  Object.entries(amounts)
    .map(([name, amount]) => `${name.replaceAll('_', ' ')} ${amount}`)
    .join(', ');
