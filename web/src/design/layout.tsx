import type { ReactNode } from 'react';
import styles from './layout.module.css';

/** The sections of a page, one below the other. */
export const Stack = ({ children }: { children: ReactNode }) => <div className={styles.stack}>{children}</div>;

/** A main column, and a side column beside it where there is room. */
export function Columns({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className={styles.columns}>
      {children}
      <div className={styles.stack}>{side}</div>
    </div>
  );
}

/** A section of a page, with its heading. */
export function Panel({
  title,
  lead,
  actions,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.panel}>
      <header className={styles.head}>
        <div>
          <h2 className={styles.title}>{title}</h2>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** A figure with its label and a note. */
export function Stat({
  label,
  value,
  children,
  tone = 'plain',
}: {
  label: string;
  value: ReactNode;
  children?: ReactNode;
  tone?: 'plain' | 'warn' | 'bad';
}) {
  return (
    <div className={`${styles.stat} ${styles[tone]}`}>
      <dt className={styles.statLabel}>{label}</dt>
      <dd className={styles.statValue}>{value}</dd>
      {children && <dd className={styles.statNote}>{children}</dd>}
    </div>
  );
}

export function Stats({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section aria-label={label}>
      <dl className={styles.stats}>{children}</dl>
    </section>
  );
}
