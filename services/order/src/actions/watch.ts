import type { Db } from '@tradepost/postgres/db';
import { versionsOf } from '../store/timeline.ts';

/** Tells when an order changes, on this instance at once and on any other within a poll. */
export type Watch = {
  /** Resolves when the order has gone past `version`, or when the signal is aborted. */
  next(orderId: string, version: number, signal: AbortSignal): Promise<void>;
  /** Orders that have just changed on this instance. */
  notify(orderIds: readonly string[]): void;
  /** Looks in the database whether watched orders were changed by another instance. */
  poll(): Promise<void>;
};

type Waiter = { version: number; wake: () => void };

/** `db` is asked only while somebody waits, for all waiting orders in one statement. */
export function createWatch(db: Db): Watch {
  const waiting = new Map<string, Set<Waiter>>();

  const wake = (orderId: string, version: number) => {
    for (const waiter of waiting.get(orderId) ?? []) if (version > waiter.version) waiter.wake();
  };

  return {
    next(orderId, version, signal) {
      return new Promise((resolve) => {
        const done = () => {
          signal.removeEventListener('abort', done);
          const set = waiting.get(orderId);
          set?.delete(waiter);
          if (set?.size === 0) waiting.delete(orderId);
          resolve();
        };
        const waiter: Waiter = { version, wake: done };
        if (signal.aborted) return resolve();
        signal.addEventListener('abort', done);
        const set = waiting.get(orderId) ?? new Set();
        waiting.set(orderId, set.add(waiter));
      });
    },
    notify(orderIds) {
      for (const id of orderIds) wake(id, Number.POSITIVE_INFINITY);
    },
    async poll() {
      if (waiting.size === 0) return;
      const versions = await versionsOf(db, [...waiting.keys()]);
      for (const [id, version] of versions) wake(id, version);
    },
  };
}
