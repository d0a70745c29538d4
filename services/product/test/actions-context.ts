import type { Pool } from '@tradepost/postgres/pool';
import { coalesce } from '@tradepost/postgres/single-flight';
import type { Context } from '../src/actions/context.ts';
import { createHiddenSellers } from '../src/actions/hidden-sellers.ts';
import type { ListAnswer } from '../src/actions/list-page.ts';
import { createProductCache, type ProductCache } from '../src/actions/product-cache.ts';
import { createProductReads } from '../src/actions/product-reads.ts';
import { createSearchIndex } from '../src/actions/search-index.ts';
import { createSearchQueries } from '../src/actions/search-queries.ts';

/** What actions are called with, without the service around them. */
export function contextOf(pool: Pool, reservationTtlMs: number): Context {
  const searchIndex = createSearchIndex(pool, () => performance.now());
  return {
    pool,
    now: () => new Date(),
    reservationTtlMs,
    lowStockUnits: 0,
    cache: noProductCache(),
    reads: createProductReads(pool),
    cacheMs: 0,
    ...{ searchIndex, searchQuery: createSearchQueries(pool, searchIndex) },
    searchLanguages: ['english'],
    hiddenSellers: createHiddenSellers(pool),
    sellerStatusChanged: () => undefined,
    firstPages: coalesce<ListAnswer>(),
  };
}

/** A cache that keeps nothing. */
function noProductCache(): ProductCache {
  const no = () => false;
  return createProductCache({ ttlMs: 0, staleMs: 0, max: 1, clock: () => 0, isUnavailable: no, isRecovering: no });
}
