import type { ReactNode } from 'react';
import { moneyText } from '../../design/format.tsx';
import { amountText, type Sums, totalRows } from './total-rows.ts';
import styles from './totals.module.css';

/**
 * From the prices of the lines to the total, row by row: of a cart, a checkout and an order. `live` reads a new total out;
 * `busy` says that another one is being calculated. Further rows (`TotalsRow`) are its children.
 */
export function Totals({
  sums,
  label = 'Total',
  live = false,
  busy = false,
  children,
}: {
  sums: Sums;
  label?: string;
  live?: boolean;
  busy?: boolean;
  children?: ReactNode;
}) {
  return (
    <dl className={styles.totals} data-busy={busy || undefined}>
      {totalRows(sums).map((row) => (
        <div key={row.key} className={styles.row} data-type={row.type} data-included={row.included || undefined}>
          <dt dir="auto">{row.label}</dt>
          <dd>{amountText(row)}</dd>
        </div>
      ))}
      <div className={`${styles.row} ${styles.total}`}>
        <dt>{label}</dt>
        <dd {...(live && { 'aria-live': 'polite', 'aria-busy': busy })}>
          <strong>{moneyText(sums.total)}</strong>
        </dd>
      </div>
      {children}
    </dl>
  );
}

/** A row below the total. */
export const TotalsRow = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className={styles.row}>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);
