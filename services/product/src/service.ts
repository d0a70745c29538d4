import { coalesce } from '@tradepost/postgres/single-flight';
import { isTransient } from '@tradepost/postgres/unavailable';
import { accountExportRoute } from '@tradepost/runtime/account-export';
import { defineService, type ServiceContext } from '@tradepost/runtime/service';
import type { Task } from '@tradepost/runtime/tasks';
import { Gauge, type Registry } from 'prom-client';
import type { Context } from './actions/context.ts';
import { fillSearchTerms } from './actions/fill-search-terms.ts';
import { createHiddenSellers } from './actions/hidden-sellers.ts';
import { createProductCache } from './actions/product-cache.ts';
import { createProductReads } from './actions/product-reads.ts';
import { queryExpiredReservations } from './actions/query-expired-reservations.ts';
import { createSearchIndex } from './actions/search-index.ts';
import { createSearchQueries } from './actions/search-queries.ts';
import { applySellerStatus } from './actions/suspend-sellers.ts';
import { type ProductSettings, productSettings } from './config.ts';
import { languagesOf } from './domain/search-languages.ts';
import { productHandlers } from './events/handlers.ts';
import { categoryRoutes } from './http/categories.ts';
import { featuredRoutes } from './http/featured.ts';
import { importRoutes } from './http/imports.ts';
import { internalRoutes } from './http/internal.ts';
import { listRoutes } from './http/lists.ts';
import { productRoutes } from './http/products.ts';
import { stockRoutes } from './http/stock.ts';
import { stockHistoryRoutes } from './http/stock-history.ts';
import { suggestionRoute } from './http/suggestions.ts';
import { synonymRoutes } from './http/synonyms.ts';
import { readAccountData } from './store/account-export.ts';
import { forgetKeys } from './store/idempotency.ts';
import { countOverdue } from './store/reservations.ts';

const KEYS_KEPT_MS = 7 * 24 * 3_600_000;

export const productService = defineService({
  name: 'product',
  settings: productSettings,
  migrations: new URL('../migrations/', import.meta.url),
  // Pages of products that were read before are answered without it (ADR 51).
  database: 'at-start',
  create({ settings, pool, metrics, wakeTask }: ServiceContext<ProductSettings>) {
    const { PRODUCT_CACHE_MS: ttlMs, PRODUCT_STALE_MS: staleMs, PRODUCT_CACHE_MAX: max } = settings;
    const { RESERVATION_TTL_MS: reservationTtlMs, LOW_STOCK_UNITS: lowStockUnits } = settings;
    const clock = () => performance.now();
    const isRecovering = () => pool.stats().recovering > 0;
    const cache = createProductCache({ ttlMs, staleMs, max, clock, isUnavailable: isTransient, isRecovering });
    const searchIndex = createSearchIndex(pool, clock);
    const ctx: Context = {
      ...{ pool, cache, cacheMs: ttlMs, now: () => new Date(), reservationTtlMs, lowStockUnits },
      ...{ reads: createProductReads(pool), firstPages: coalesce() },
      ...{ searchIndex, searchQuery: createSearchQueries(pool, searchIndex) },
      searchLanguages: languagesOf(settings.SEARCH_LANGUAGES),
      hiddenSellers: createHiddenSellers(pool),
      sellerStatusChanged: () => {
        wakeTask('hidden-sellers');
        wakeTask('seller-status');
      },
    };
    watchOverdue(metrics, ctx);
    return {
      http(app) {
        productRoutes(app, ctx);
        listRoutes(app, ctx);
        suggestionRoute(app, ctx);
        categoryRoutes(app, ctx);
        featuredRoutes(app, ctx);
        importRoutes(app, ctx, settings.IMPORT_MAX_ROWS);
        synonymRoutes(app, ctx);
        stockRoutes(app, ctx);
        stockHistoryRoutes(app, ctx);
        internalRoutes(app, ctx);
        accountExportRoute(app, (accountId) => readAccountData(ctx.pool, accountId));
      },
      handlers: productHandlers(ctx),
      tasks: tasks(ctx),
    };
  },
});

function watchOverdue(metrics: Registry, ctx: Context): void {
  new Gauge({
    name: 'tradepost_reservations_overdue',
    help: 'Expired reservations without an answer from `order`',
    registers: [metrics],
    async collect() {
      // Not a number while the database is unavailable, so that the other metrics can still be read.
      this.set(await countOverdue(ctx.pool, ctx.now()).catch(() => Number.NaN));
    },
  });
}

/** On every instance, since the event of a change is handled by one of them. */
async function refreshHiddenSellers(ctx: Context): Promise<void> {
  if (await ctx.hiddenSellers.refresh()) ctx.cache.forgetAll();
}

function tasks(ctx: Context): Task[] {
  const keysFrom = () => new Date(ctx.now().getTime() - KEYS_KEPT_MS);
  return [
    {
      name: 'expired-reservations',
      everyMs: Math.min(5_000, ctx.reservationTtlMs),
      run: () => queryExpiredReservations(ctx),
    },
    { name: 'hidden-sellers', everyMs: 500, run: () => refreshHiddenSellers(ctx) },
    { name: 'search-terms', everyMs: 5_000, run: () => fillSearchTerms(ctx.pool, ctx.searchLanguages) },
    { name: 'seller-status', everyMs: 1_000, run: () => applySellerStatus(ctx) },
    { name: 'idempotency-keys', everyMs: 3_600_000, run: () => forgetKeys(ctx.pool, keysFrom(), 1_000) },
  ];
}
