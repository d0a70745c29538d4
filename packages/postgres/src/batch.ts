import { isTransient } from './unavailable.ts';

/** A call that takes longer, as on a connection that has gone silent, keeps the next waiting no more. */
export const SLOW_MS = 100;

type PendingItem<Item, Result> = { item: Item; resolve: (result: Result) => void; reject: (err: unknown) => void };

/**
 * Batching, as a DataLoader does it: calls that are made in the same turn of the event loop, or while the run before is not over, are
 * given to `run` together. The results are in the order of the items, and each caller gets its own. No call waits for others to come,
 * so a single call is as fast as without batching; under load one statement and one commit serve many calls.
 *
 * When `run` refuses several, each is tried by itself, so that one that cannot be served fails alone; a failure that may pass
 * (`isTransient`) is everybody's. `run` must leave nothing behind when it refuses. It is given `max` items at the most.
 */
export function createBatcher<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  max = 100,
): (item: Item) => Promise<Result> {
  const waiting: PendingItem<Item, Result>[] = [];
  let isRunning = false;

  async function runAll(): Promise<void> {
    while (waiting.length > 0) await atMost(SLOW_MS, serve(waiting.splice(0, max)));
    isRunning = false;
  }

  async function serve(batch: readonly PendingItem<Item, Result>[]): Promise<void> {
    try {
      const results = await run(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new RangeError('There is to be a result for each item');
      // as: there are as many.
      batch.forEach(({ resolve }, i) => void resolve(results[i] as Result));
    } catch (err) {
      if (batch.length === 1 || isTransient(err)) for (const { reject } of batch) reject(err);
      else for (const one of batch) await serve([one]);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (isRunning) return;
      isRunning = true;
      setImmediate(() => void runAll());
    });
}

/** Resolves when the work is done, well or not, and after so many milliseconds at the latest. */
export function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}
