import type { ReactNode } from 'react';
import styles from './notice.module.css';

export type Tone = 'info' | 'good' | 'warn' | 'bad';

/**
 * Something that the reader should know, within the page. Bad news is read out at once, other news when there is a pause;
 * nothing is, with `still`, for a notice that was there from the beginning.
 */
export function Notice({
  tone = 'info',
  title,
  action,
  still = false,
  children,
}: {
  tone?: Tone;
  title?: string;
  action?: ReactNode;
  still?: boolean;
  children?: ReactNode;
}) {
  const role = still ? undefined : tone === 'bad' ? 'alert' : 'status';
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={role}>
      <div className={styles.text}>
        {title && <p className={styles.title}>{title}</p>}
        {children}
      </div>
      {action}
    </div>
  );
}

/** A word about a thing's state. The colour only repeats what the word says. */
export function Badge({ tone = 'plain', children }: { tone?: Tone | 'plain'; children: ReactNode }) {
  return <span className={`${styles.badge} ${styles[tone]}`}>{children}</span>;
}
