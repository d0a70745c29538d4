export type BatchOptions<V> = {
  /** Reads what belongs to these keys, each once; what is not there is left out. */
  read(keys: readonly string[]): Promise<ReadonlyMap<string, V>>;
  /** Keys of one batch. */
  max: number;
  /** Batches at once: more than one, so that a slow one holds up some and not all. */
  atOnce: number;
};

type Waiting<V> = {
  promise: Promise<V | undefined>;
  resolve(value: V | undefined): void;
  reject(reason: unknown): void;
};

/**
 * Reads by key, those that are asked for together in one go. Nothing waits for company: a batch leaves at the end of the turn of
 * the event loop, with all that was asked for in it, and only when `atOnce` are under way already does the next one gather more.
 * What is read was read after it was asked for. A read that fails, fails for its whole batch.
 */
export function createBatches<V>(o: BatchOptions<V>): (key: string) => Promise<V | undefined> {
  let waiting = new Map<string, Waiting<V>>();
  let underWay = 0;
  let leaving = false;

  const leave = (): void => {
    leaving = false;
    while (underWay < o.atOnce && waiting.size > 0) {
      const batch = [...waiting].slice(0, o.max);
      if (batch.length === waiting.size) waiting = new Map();
      else for (const [key] of batch) waiting.delete(key);
      underWay++;
      void readBatch(batch).finally(() => {
        underWay--;
        leave();
      });
    }
  };

  const schedule = (): void => {
    if (leaving || waiting.size === 0 || underWay >= o.atOnce) return;
    leaving = true;
    setImmediate(leave);
  };

  const readBatch = async (batch: readonly [string, Waiting<V>][]): Promise<void> => {
    try {
      const found = await o.read(batch.map(([key]) => key));
      for (const [key, { resolve }] of batch) resolve(found.get(key));
    } catch (err) {
      for (const [, { reject }] of batch) reject(err);
    }
  };

  return (key) => {
    const known = waiting.get(key);
    if (known) return known.promise;
    const one = Promise.withResolvers<V | undefined>();
    waiting.set(key, one);
    schedule();
    return one.promise;
  };
}
