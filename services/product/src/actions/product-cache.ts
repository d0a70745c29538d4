import { createFifoCache } from './fifo-cache.ts';

/** What everybody may see of a product, as it is sent. */
export type PublicProduct = { id: string; version: number; json: string };

/**
 * Remembers for a moment what was read, so that a product which many look at is read a few times a second and not a few
 * thousand times. Whoever changes a product or its stock in this process makes it forget; what other instances change
 * shows after the time to live. Reads that are under way are shared.
 */
export type ProductCache = {
  get(id: string, read: () => Promise<PublicProduct | undefined>): Promise<PublicProduct | undefined>;
  forget(ids: Iterable<string>): void;
  forgetAll(): void;
  /** The id behind a slug, once it is known; neither ever changes. */
  readonly ids: { get(slug: string): string | undefined; set(slug: string, id: string): void };
};

type Entry = { until: number; product: Promise<PublicProduct | undefined> };

/** `ttlMs` of 0 remembers nothing; `max` bounds the products remembered, and the slugs. */
export function createProductCache(o: { ttlMs: number; max: number; clock: () => number }): ProductCache {
  const entries = createFifoCache<Entry>(o.max);
  return {
    ids: createFifoCache<string>(o.max),
    get(id, read) {
      if (o.ttlMs === 0) return read();
      const now = o.clock();
      const known = entries.get(id);
      if (known && known.until > now) return known.product;
      const product = read();
      // The entry is there before the read is done: a change meanwhile removes it, and what was read is then used once.
      entries.set(id, { until: now + o.ttlMs, product });
      product.catch(() => entries.delete(id));
      return product;
    },
    forget(ids) {
      for (const id of ids) entries.delete(id);
    },
    forgetAll: entries.clear,
  };
}
