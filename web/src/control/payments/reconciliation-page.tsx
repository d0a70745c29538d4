import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Button } from '../../design/button.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { Panel, Stack } from '../../design/layout.tsx';
import { Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { type Column, Table } from '../../design/table.tsx';
import { pluralize } from '../number-format.ts';
import { DifferenceTable } from './difference-table.tsx';
import { accountText } from './ledger-words.ts';
import { type Reconciliation, reconciliationQuery } from './payment-queries.ts';
import styles from './payments.module.css';

/** Whether the ledger balances with the orders, and agrees with the books of the payment providers. */
export function ReconciliationPage() {
  const reconciliation = useQuery(reconciliationQuery);
  return (
    <>
      <PageHeading
        title="Reconciliation"
        lead="The ledger, compared with the orders and with the books of the payment providers."
        actions={
          <Button busy={reconciliation.isFetching} onClick={() => void reconciliation.refetch()}>
            Check again
          </Button>
        }
      />
      <QueryBoundary query={reconciliation} what="The reconciliation" height="24rem">
        {(found) => <Found found={found} />}
      </QueryBoundary>
    </>
  );
}

const Found = ({ found }: { found: Reconciliation }) => (
  <Stack>
    <Summary found={found} />
    <Panel
      title="Accounts"
      lead="What an account gets counts up, what is taken from it counts down. Together they are 0 in each currency."
    >
      {found.accounts.length === 0 ? (
        <p className={styles.soft}>No money has moved yet.</p>
      ) : (
        <Table
          caption="Balances of the accounts"
          rows={found.accounts}
          keyOf={({ account, currency }) => `${account} ${currency}`}
          columns={accountColumns}
        />
      )}
    </Panel>
    {found.imbalances.length > 0 && (
      <Panel title="Imbalances" lead="Orders whose ledger does not say what the order says, in minor units.">
        <Table
          caption="Orders that differ from their ledger"
          rows={found.imbalances}
          keyOf={({ orderId, account }) => `${orderId} ${account}`}
          columns={imbalanceColumns}
        />
      </Panel>
    )}
    {found.differences.length > 0 && (
      <Panel
        title="Differences"
        lead="What a payment provider’s books say otherwise, in minor units. Resolve one when you have found out why."
      >
        <DifferenceTable differences={found.differences} />
      </Panel>
    )}
  </Stack>
);

function Summary({ found: { checkedAt, imbalances, differences } }: { found: Reconciliation }) {
  const when = checkedAt ? (
    <>
      Last compared with a provider’s books up to <Time at={checkedAt} />.
    </>
  ) : (
    'Not yet compared with a provider’s books.'
  );
  if (imbalances.length + differences.length === 0) {
    return (
      <Notice tone="good" title="All balanced">
        {when}
      </Notice>
    );
  }
  const counts = [
    ...(imbalances.length > 0 ? [pluralize(imbalances.length, 'imbalance')] : []),
    ...(differences.length > 0 ? [pluralize(differences.length, 'difference')] : []),
  ];
  return (
    <Notice tone="bad" title={`Not balanced: ${counts.join(' and ')}`}>
      {when}
    </Notice>
  );
}

const accountColumns: Column<Reconciliation['accounts'][number]>[] = [
  { heading: 'Account', cell: ({ account }) => accountText(account) },
  { heading: 'Currency', cell: ({ currency }) => currency },
  { heading: 'Balance', number: true, cell: ({ balance: amount, currency }) => moneyText({ amount, currency }) },
];

const imbalanceColumns: Column<Reconciliation['imbalances'][number]>[] = [
  { heading: 'Order', cell: ({ orderId }) => <Link href={`/control/orders/${orderId}`}>…{orderId.slice(-6)}</Link> },
  { heading: 'Account', cell: ({ account }) => accountText(account) },
  { heading: 'Ledger', number: true, cell: ({ ledger }) => ledger },
  { heading: 'Order says', number: true, cell: ({ order }) => order },
];
