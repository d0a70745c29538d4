import type { ReactNode } from 'react';
import styles from './table.module.css';

export type Column<Row> = {
  heading: string;
  /** Numbers are set flush at their end, so that they can be compared. */
  number?: boolean;
  cell: (row: Row) => ReactNode;
};

/** Rows of like things. Wider than the window it scrolls, by keyboard too. */
export function Table<Row>({
  caption,
  columns,
  rows,
  keyOf,
}: {
  /** What it shows; read out, not seen. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className={styles.scroll} aria-label={caption} tabIndex={0}>
      <table className={styles.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ heading, number }) => (
              <th key={heading} scope="col" className={number ? styles.number : undefined}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ heading, number, cell }) => (
                <td key={heading} className={number ? styles.number : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
