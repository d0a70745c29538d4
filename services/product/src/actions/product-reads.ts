import { createBatcher } from '@tradepost/postgres/batch';
import type { Db } from '@tradepost/postgres/db';
import { MOST_READ_AT_ONCE, readProducts, type StoredProduct } from '../store/stored-products.ts';

/** Batched reads of single products: reads that are made at the same time share one SQL statement. */
export type ProductReads = {
  byId(id: string): Promise<StoredProduct | undefined>;
  bySlug(slug: string): Promise<StoredProduct | undefined>;
};

export function createProductReads(db: Db): ProductReads {
  const by = (key: 'id' | 'slug') =>
    createBatcher(async (keys: readonly string[]) => {
      const found = new Map((await readProducts(db, key, [...new Set(keys)])).map((stored) => [stored[key], stored]));
      return keys.map((one) => found.get(one));
    }, MOST_READ_AT_ONCE);
  return { byId: by('id'), bySlug: by('slug') };
}
