import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { OrderNumber } from '../../api/order-number.tsx';
import { useAccount } from '../../api/session.ts';
import { Chart } from '../../design/chart.tsx';
import { Time } from '../../design/format.tsx';
import { Table } from '../../design/table.tsx';
import type { StockChange } from '../queries.ts';
import styles from './stock.module.css';

const words = { adjustment: 'adjusted', sale: 'sold', return: 'returned' } as const;
const units = new Intl.NumberFormat('en-IE');
const signed = new Intl.NumberFormat('en-IE', { signDisplay: 'exceptZero' });

/** The stock on hand over time as a chart, and each change with the order or the person that made it. */
export function StockHistory({
  changes,
  seller,
  children,
}: {
  changes: readonly StockChange[];
  /** The seller of the product; operators can adjust the stock too. */
  seller: string | undefined;
  /** The button that loads more of them. */
  children: ReactNode;
}) {
  const account = useAccount();
  if (changes.length === 0) return <p className={styles.soft}>No changes yet.</p>;
  return (
    <div className={styles.history}>
      {changes.length > 1 && <OnHandChart changes={changes} />}
      <Table
        caption="Changes of the stock"
        rows={changes}
        keyOf={({ id }) => id}
        columns={[
          { heading: 'Time', cell: ({ at }) => <Time at={at} /> },
          { heading: 'Event', cell: (change) => <ChangeText change={change} own={account?.id} seller={seller} /> },
          { heading: 'Change', number: true, cell: ({ delta }) => signed.format(delta) },
          { heading: 'On hand', number: true, cell: ({ onHand }) => units.format(onHand) },
        ]}
      />
      {children}
    </div>
  );
}

function ChangeText({
  change: { kind, reason, adjustedBy, orderId },
  own,
  seller,
}: {
  change: StockChange;
  own: string | undefined;
  seller: string | undefined;
}) {
  if (orderId) {
    return (
      <>
        {words[kind]},{' '}
        <Link href={`/sell/orders/${orderId}`}>
          <OrderNumber id={orderId} />
        </Link>
      </>
    );
  }
  return (
    <>
      {words[kind]} by {adjustedBy === own ? 'you' : adjustedBy === seller ? 'the seller' : 'an operator'}
      <span className={styles.reason}>{reason}</span>
    </>
  );
}

/** A step for each change, and one for now. Changes within one second are one step, because a chart has each time once. */
function OnHandChart({ changes }: { changes: readonly StockChange[] }) {
  const levels = new Map<number, number>();
  for (const { at, onHand } of changes.toReversed()) levels.set(Math.floor(Date.parse(at) / 1_000), onHand);
  const latest = changes[0]?.onHand ?? 0;
  levels.set(Math.max(Math.floor(Date.now() / 1_000), ...levels.keys()), latest);
  const all = changes.map(({ onHand }) => onHand);
  return (
    <div className={styles.chart}>
      <Chart
        title="On hand"
        summary={`now ${units.format(latest)}, lowest ${units.format(Math.min(...all))}, highest ${units.format(Math.max(...all))}`}
        times={[...levels.keys()]}
        series={[{ label: 'on hand', values: [...levels.values()], tone: 'first', look: 'steps' }]}
        format={(value) => units.format(Math.round(value))}
      />
    </div>
  );
}
