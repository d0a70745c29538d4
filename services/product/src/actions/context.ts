import type { Pool } from '@tradepost/postgres/pool';
import type { HiddenSellers } from './hidden-sellers.ts';
import type { ListAnswer } from './list-page.ts';
import type { ProductCache } from './product-cache.ts';
import type { ProductReads } from './product-reads.ts';
import type { SearchIndex } from './search-index.ts';
import type { SearchQueries } from './search-queries.ts';

/** What the actions work with; made once in `service.ts`. */
export type Context = {
  pool: Pool;
  now: () => Date;
  cache: ProductCache;
  /** How old what shoppers are given may be, in this service's cache and in the gateway's together; 0: nothing is cached. */
  cacheMs: number;
  reads: ProductReads;
  searchQuery: SearchQueries;
  searchIndex: SearchIndex;
  /** What the setting names; the index has them once a task has given them to all products. */
  searchLanguages: readonly string[];
  hiddenSellers: HiddenSellers;
  /** Called once it is committed that sellers may no longer sell, or may sell again. */
  sellerStatusChanged: () => void;
  /** First pages of lists by what was asked for: one is read for all who ask for it at the same time. */
  firstPages: (key: string, read: () => Promise<ListAnswer>) => Promise<ListAnswer>;
  /** The seller gets a mail when an order leaves so many units of a SKU or fewer; 0 is never. */
  lowStockUnits: number;
  /** How long stock is held for an order before `order` is asked what became of it. */
  reservationTtlMs: number;
};

/** The source of every event of this service. */
export const SOURCE = 'product';
