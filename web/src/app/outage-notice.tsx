import { type Part, useOnline, useOutages } from '../api/outages.ts';
import { Notice } from '../design/notice.tsx';
import styles from './shell.module.css';

const words: Record<Part, string> = {
  // The pages of the catalogue say so themselves, where it matters.
  catalogue: '',
  orders: 'Carts and orders do not answer at the moment. What you had in the cart is kept.',
  accounts: 'Signing in does not work at the moment. Who is signed in stays so.',
};

/** A notice above every page while a part of the shop is unavailable. */
export function OutageNotice() {
  const outages = useOutages();
  const online = useOnline();
  const text = online
    ? [...outages]
        .map((part) => words[part])
        .join(' ')
        .trim()
    : 'You are offline. You see what was loaded before; whatever you change waits until you are back.';
  if (!text) return null;
  return (
    <div className={styles.notice}>
      <Notice tone="warn">{text}</Notice>
    </div>
  );
}
