import { useSyncExternalStore } from 'react';
import { createStore } from '../design/store.ts';

/** What a shopper would call the parts that can be away by themselves. */
export type Part = 'catalogue' | 'orders' | 'accounts';

const away = createStore<ReadonlySet<Part>>(new Set());

/** Notes whether a part of the shop has answered just now. */
export function heardFrom(part: Part, answered: boolean): void {
  if (answered !== away.get().has(part)) return;
  const next = new Set(away.get());
  if (answered) next.delete(part);
  else next.add(part);
  away.set(next);
}

/** The parts that did not answer when they were last asked. */
export const useAway = (): ReadonlySet<Part> => useSyncExternalStore(away.subscribe, away.get);

const watchNetwork = (listener: () => void) => {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
};

export const useOnline = (): boolean => useSyncExternalStore(watchNetwork, () => navigator.onLine);
