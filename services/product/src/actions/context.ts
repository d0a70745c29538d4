import type { Pool } from '@tradepost/postgres/pool';
import type { ProductCache } from './product-cache.ts';
import type { ProductReads } from './read-product.ts';
import type { SearchQueries } from './search-queries.ts';

/** What the actions work with; made once in `service.ts`. */
export type Context = {
  pool: Pool;
  now: () => Date;
  cache: ProductCache;
  reads: ProductReads;
  searchQuery: SearchQueries;
  /** How long stock is held for an order before `order` is asked what became of it. */
  reservationTtlMs: number;
};

/** The source of every event of this service. */
export const SOURCE = 'product';
