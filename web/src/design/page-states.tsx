import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import styles from './page-states.module.css';

type StateProps = { title: string; children?: ReactNode; action?: ReactNode };

/** There is nothing here, and what to do about it. */
export function EmptyState({ title, children, action }: StateProps) {
  return (
    <div className={styles.state}>
      <h2 className={styles.title}>{title}</h2>
      {children && <div className={styles.text}>{children}</div>}
      {action}
    </div>
  );
}

/** It did not work: says what, and offers to try again where that may help. */
export function ErrorState({ title, children, action, onRetry }: StateProps & { onRetry?: (() => void) | undefined }) {
  return (
    <div className={styles.state} role="alert">
      <h2 className={styles.title}>{title}</h2>
      {children && <div className={styles.text}>{children}</div>}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
      {action}
    </div>
  );
}

/** Stands where something will be, in its size, so that nothing moves when it comes. */
export function Skeleton({ width = '100%', height = '1em' }: { width?: string; height?: string }) {
  return <span className={styles.skeleton} style={{ inlineSize: width, blockSize: height }} />;
}

/** Says to screen readers that something is being loaded, around its skeletons. */
export function Loading({ label = 'Loading', children }: { label?: string; children: ReactNode }) {
  return (
    <div role="status">
      <span className="visually-hidden">{label} …</span>
      <div aria-hidden="true">{children}</div>
    </div>
  );
}
