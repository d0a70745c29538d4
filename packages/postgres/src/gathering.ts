import { isTransient } from './unavailable.ts';

/** A call that takes longer, as on a connection that has gone silent, keeps the next waiting no more. */
const SLOW_MS = 100;

type Waiting<Item, Result> = { item: Item; resolve: (result: Result) => void; reject: (err: unknown) => void };

/**
 * Makes one call of many: whatever is asked for in the same turn of the event loop, or while the call before is under way, is
 * given to `run` together, and each gets its own of the results, which are in the order of the items. Nobody waits for others to come,
 * so one alone is as fast as before; under load a statement and its commit serve many.
 *
 * When `run` refuses several, each is tried by itself, so that one that cannot be served fails alone; a failure that may pass
 * (`isTransient`) is everybody's. `run` must leave nothing behind when it refuses. It is given `max` items at the most.
 */
export function gather<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  max = 100,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let isRunning = false;

  async function runAll(): Promise<void> {
    while (waiting.length > 0) await atMost(SLOW_MS, serve(waiting.splice(0, max)));
    isRunning = false;
  }

  async function serve(batch: readonly Waiting<Item, Result>[]): Promise<void> {
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

function atMost(ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
