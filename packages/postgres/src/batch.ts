import { isTransient } from './unavailable.ts';

/** A call that takes longer, as on a connection that has gone silent, keeps the next waiting no more. */
const SLOW_MS = 100;

type Waiting<Item, Result> = { item: Item; resolve: (result: Result) => void; reject: (err: unknown) => void };

/**
 * Batches calls, as a DataLoader does: whatever is asked for in the same turn of the event loop, or while the call before is under way, is
 * given to `run` together, and each gets its own of the results, which are in the order of the items. Nobody waits for others to come,
 * so one alone is as fast as before; under load a statement and its commit serve many.
 *
 * When `run` refuses several, each is tried by itself, so that one that cannot be served fails alone; a failure that may pass
 * (`isTransient`) is everybody's. `run` must leave nothing behind when it refuses. It is given `max` items at the most.
 */
export function createBatcher<Item, Result>(
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

/**
 * Coalesces calls (single-flight): one call serves all who ask the same (by `key`) while the call before is under way; nobody is given what was read before they
 * asked. One alone is asked for at once. A call that takes longer than 0.1 s keeps the next waiting no more, and one that fails
 * fails those who share it. Results are shared, so they must not be changed.
 */
export function coalesce<Result>(): (key: string, run: () => Promise<Result>) => Promise<Result> {
  const calls = new Map<string, { current: Promise<Result>; next: Promise<Result> | undefined }>();

  function begin(key: string, run: () => Promise<Result>): Promise<Result> {
    const call = { current: run(), next: undefined };
    calls.set(key, call);
    const forget = () => void (calls.get(key) === call && !call.next && calls.delete(key));
    call.current.then(forget, forget);
    return call.current;
  }

  return (key, run) => {
    const call = calls.get(key);
    if (!call) return begin(key, run);
    call.next ??= atMost(SLOW_MS, call.current).then(() => begin(key, run));
    return call.next;
  };
}

/** Resolves when the work is done, well or not, and after so many milliseconds at the latest. */
function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}
