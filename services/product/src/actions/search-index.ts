import type { Db } from '@tradepost/postgres/db';
import { readSearchState, type SearchState } from '../store/search-state.ts';

/** The state of the index, read now and then. */
export type SearchIndex = {
  current(): Promise<SearchState>;
  /** The next search reads the state anew: this instance has changed it. */
  forget(): void;
};

const FRESH_MS = 30_000;
/** While products of the version before are put into the index. */
const FRESH_INCOMPLETE_MS = 1_000;

/** Reads the state at the first search, and again in the background when it is old: no later search waits for it. */
export function createSearchIndex(db: Db, clock: () => number): SearchIndex {
  let known: SearchState | undefined;
  let readAt = 0;
  let reading: Promise<SearchState> | undefined;
  const read = (): Promise<SearchState> => {
    const started = readSearchState(db)
      .then((state) => {
        if (reading === started) {
          known = state;
          readAt = clock();
        }
        return state;
      })
      .finally(() => {
        if (reading === started) reading = undefined;
      });
    return started;
  };
  const refresh = (): Promise<SearchState> => {
    reading ??= read();
    return reading;
  };
  return {
    async current() {
      if (!known) return refresh();
      const age = clock() - readAt;
      // A failure is that of the search itself too; the next one tries again.
      if (age > (known.isComplete ? FRESH_MS : FRESH_INCOMPLETE_MS)) refresh().catch(() => undefined);
      return known;
    },
    forget() {
      known = undefined;
      // What is being read may be from before the change.
      reading = undefined;
    },
  };
}
