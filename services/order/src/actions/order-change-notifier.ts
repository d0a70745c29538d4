import type { Db } from '@tradepost/postgres/db';
import type { Order } from '../domain/order.ts';
import { versionsOf } from '../store/timeline.ts';

/** Tells when an order changes, on this instance at once and on any other within a poll. */
export type OrderChangeNotifier = {
  /**
   * Resolves when the order has gone past `version`, or when the signal is aborted: with the order where this instance has
   * changed it, so that it need not be read again.
   */
  next(orderId: string, version: number, signal: AbortSignal): Promise<Order | undefined>;
  /** Orders that have just changed on this instance. */
  notify(orders: readonly Order[]): void;
  /** Looks in the database whether watched orders were changed by another instance. */
  poll(): Promise<void>;
};

type Waiter = { version: number; wake: (order?: Order) => void };

/** `db` is asked only while somebody waits, for all waiting orders in one statement. */
export function createOrderChangeNotifier(db: Db): OrderChangeNotifier {
  const waiting = new Map<string, Set<Waiter>>();

  const wake = (orderId: string, version: number, order?: Order) => {
    for (const waiter of waiting.get(orderId) ?? []) if (version > waiter.version) waiter.wake(order);
  };

  return {
    next(orderId, version, signal) {
      return new Promise((resolve) => {
        const giveUp = () => done();
        const done = (order?: Order) => {
          signal.removeEventListener('abort', giveUp);
          const set = waiting.get(orderId);
          set?.delete(waiter);
          if (set?.size === 0) waiting.delete(orderId);
          resolve(order);
        };
        const waiter: Waiter = { version, wake: done };
        if (signal.aborted) return resolve(undefined);
        signal.addEventListener('abort', giveUp);
        const set = waiting.get(orderId) ?? new Set();
        waiting.set(orderId, set.add(waiter));
      });
    },
    notify(orders) {
      for (const order of orders) wake(order.id, order.version, order);
    },
    async poll() {
      if (waiting.size === 0) return;
      const versions = await versionsOf(db, [...waiting.keys()]);
      for (const [id, version] of versions) wake(id, version);
    },
  };
}
