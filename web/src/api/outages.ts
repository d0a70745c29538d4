import { useSyncExternalStore } from 'react';
import { createStore } from '../design/store.ts';

/** The parts of the shop that can be unavailable by themselves, in the shopper's words. */
export type Part = 'catalogue' | 'orders' | 'accounts';

const unavailable = createStore<ReadonlySet<Part>>(new Set());

/** Records whether a part of the shop has just answered. */
export function recordAvailability(part: Part, answered: boolean): void {
  if (answered !== unavailable.get().has(part)) return;
  const next = new Set(unavailable.get());
  if (answered) next.delete(part);
  else next.add(part);
  unavailable.set(next);
}

/** The parts that did not answer the last request. */
export const useOutages = (): ReadonlySet<Part> => useSyncExternalStore(unavailable.subscribe, unavailable.get);

const watchNetwork = (listener: () => void) => {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
};

export const useOnline = (): boolean => useSyncExternalStore(watchNetwork, () => navigator.onLine);
