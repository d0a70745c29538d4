/** Lets other work of the process go on, if this work has used its share of the time. */
export type Pace = () => Promise<void> | undefined;

/** Milliseconds that one import may hold the event loop: less than a read of a product takes as a whole. */
const SLICE_MS = 2;

/**
 * Makes the pace of one piece of long work, which calls it after every small step. When the steps have taken `SLICE_MS`
 * together, the next call waits as long again, so that requests of others are answered meanwhile. Without it 20,000 rows
 * that are not valid would be looked at in one go, and everybody else would wait for seconds.
 */
export function createPace(now: () => number = () => performance.now()): Pace {
  let since = now();
  return () => {
    const used = now() - since;
    if (used < SLICE_MS) return undefined;
    return new Promise((resolve) => {
      setTimeout(() => {
        since = now();
        resolve();
      }, SLICE_MS);
    });
  };
}
