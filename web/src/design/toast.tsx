import { useEffect, useSyncExternalStore } from 'react';
import { Button } from './button.tsx';
import { CrossIcon } from './icons.tsx';
import { createStore } from './store.ts';
import styles from './toast.module.css';

type Toast = { id: number; text: string };

const SHOWN_MS = 7_000;
const AT_ONCE = 3;

const toasts = createStore<readonly Toast[]>([]);
let last = 0;

/** Says something in passing, which is read out too. Whatever must not be missed is a Notice in the page. */
export function toast(text: string): void {
  last += 1;
  toasts.set([...toasts.get(), { id: last, text }].slice(-AT_ONCE));
}

const dismiss = (id: number) => toasts.set(toasts.get().filter((one) => one.id !== id));

/** Where toasts appear; once, in the shell. */
export function Toasts() {
  const shown = useSyncExternalStore(toasts.subscribe, toasts.get);
  return (
    <div className={styles.stack} role="status">
      {shown.map((one) => (
        <ToastView key={one.id} {...one} />
      ))}
    </div>
  );
}

function ToastView({ id, text }: Toast) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id]);
  return (
    <div className={styles.toast}>
      <span>{text}</span>
      <Button kind="icon" aria-label="Dismiss" onClick={() => dismiss(id)}>
        <CrossIcon />
      </Button>
    </div>
  );
}
