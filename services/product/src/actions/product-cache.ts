import { createFifoCache } from './fifo-cache.ts';

/** What everybody may see of a product, as it is sent. */
export type PublicProduct = {
  id: string;
  version: number;
  json: string;
  /** By `performance.now()`: what was changed later may not be in it. */
  readAt: number;
};

/**
 * Remembers for a moment what was read, so that a product which many look at is read a few times a second and not a few
 * thousand times. Whoever changes a product or its stock in this process makes it forget; what other instances change
 * shows after the time to live. Reads that are under way are shared.
 *
 * While the database cannot be reached, what was read last is given out, if it is not older than `staleMs`: the page of a product survives a restart of
 * the database. Nobody can change a product meanwhile, so it is as old as a change that another instance made between the last read
 * and the outage. What was forgotten is not given out, and no decision uses this cache.
 */
export type ProductCache = {
  get(id: string, read: () => Promise<PublicProduct | undefined>): Promise<PublicProduct | undefined>;
  /**
   * Runs a read whose result is to be given out during an outage only, since nobody knows whether a change during the read was one of this
   * product: the result is kept only if no entry was dropped meanwhile.
   */
  keepForOutage(read: () => Promise<PublicProduct | undefined>): Promise<PublicProduct | undefined>;
  forget(ids: Iterable<string>): void;
  forgetAll(): void;
  /** The id behind a slug, once it is known; neither ever changes. */
  readonly ids: { get(slug: string): string | undefined; set(slug: string, id: string): void };
};

export type ProductCacheOptions = {
  /** 0 remembers nothing. */
  ttlMs: number;
  /** 0 gives out nothing during an outage. */
  staleMs: number;
  /** Bounds the products remembered, and the slugs. */
  max: number;
  clock: () => number;
  /** Whether a read failed because there is no database, and not because it is wrong. */
  isUnavailable: (err: unknown) => boolean;
  /** Whether requests wait now for a database that cannot be reached. One that is merely slow is waited for. */
  isRecovering: () => boolean;
};

type Product = PublicProduct | undefined;
type LastRead = { product: PublicProduct; at: number };
type Entry = { until: number; product: Promise<Product>; isReading: boolean; last: LastRead | undefined };

/** A read that takes longer waits for a database that is unavailable: the pool waits for seconds before it gives up. */
const DATABASE_WAIT_MS = 300;

export function createProductCache(o: ProductCacheOptions): ProductCache {
  const entries = createFifoCache<Entry>(o.max);
  let forgotten = 0;

  const isGood = (last: LastRead | undefined): last is LastRead =>
    last !== undefined && o.clock() - last.at < o.staleMs;

  function startRead(id: string, read: () => Promise<Product>, last: LastRead | undefined): Promise<Product> {
    const at = o.clock();
    const fetched = read();
    const product = isGood(last) ? readOrLast(fetched, last, o) : fetched;
    const entry: Entry = { until: at + o.ttlMs, product, isReading: true, last };
    // The entry is there before the read is done: a change meanwhile removes it, and what was read is then used once.
    entries.set(id, entry);
    fetched.then(
      (found) => Object.assign(entry, { isReading: false, product: fetched, last: found && { product: found, at } }),
      () => {
        Object.assign(entry, { isReading: false, until: 0 });
        if (!last && entries.get(id) === entry) entries.delete(id);
      },
    );
    return product;
  }

  return {
    ids: createFifoCache<string>(o.max),
    get(id, read) {
      if (o.ttlMs === 0) return read();
      const known = entries.get(id);
      if (!known) return startRead(id, read, undefined);
      if (known.until > o.clock()) return known.product;
      // One read is enough to notice that the database is back.
      if (known.isReading && isGood(known.last) && o.isRecovering()) return Promise.resolve(known.last.product);
      return startRead(id, read, known.last);
    },
    async keepForOutage(read) {
      const before = forgotten;
      const at = o.clock();
      const product = await read();
      if (product && o.ttlMs > 0 && forgotten === before && !entries.get(product.id)) {
        const last = { product, at };
        entries.set(product.id, { until: 0, product: Promise.resolve(product), isReading: false, last });
      }
      return product;
    },
    forget(ids) {
      forgotten++;
      for (const id of ids) entries.delete(id);
    },
    forgetAll() {
      forgotten++;
      entries.clear();
    },
  };
}

/** What is being read, or what was read last: when there is no database, and when it takes too long to find that out. */
function readOrLast(
  fetched: Promise<Product>,
  last: LastRead,
  o: Pick<ProductCacheOptions, 'isUnavailable' | 'isRecovering'>,
): Promise<Product> {
  const { promise, resolve, reject } = Promise.withResolvers<Product>();
  // A bare timer, since to abort a sleep makes an error with a stack for each read.
  const timer = setTimeout(() => {
    if (o.isRecovering()) resolve(last.product);
  }, DATABASE_WAIT_MS);
  const fallBack = (err: unknown) => (o.isUnavailable(err) ? resolve(last.product) : reject(err));
  fetched.then(resolve, fallBack).finally(() => clearTimeout(timer));
  return promise;
}
