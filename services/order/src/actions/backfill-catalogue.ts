import type { Pool } from '@tradepost/postgres/pool';
import type { ProductClient, ProductSnapshot } from '../catalogue/product-client.ts';
import type { SellableVariant } from '../domain/pricing.ts';
import {
  hasDetails,
  readBackfillState,
  saveBackfillState,
  saveProducts,
  skusWithoutDetails,
  variantsBySku,
} from '../store/sellable-variants.ts';

const BATCH = 500;

/**
 * The first fill of the copy: streams the whole catalogue in, batch by batch, and goes on where it was broken off.
 * Events that arrive meanwhile are newer and win by their version.
 */
export async function backfillCatalogue(pool: Pool, products: ProductClient, signal: AbortSignal): Promise<void> {
  const state = await readBackfillState(pool);
  if (state.completed) return;
  let batch: ProductSnapshot[] = [];
  const save = async () => {
    const last = batch.at(-1);
    if (!last) return;
    await saveProducts(pool, batch);
    await saveBackfillState(pool, { after: last.productId, completed: false });
    batch = [];
  };
  for await (const product of products.export(state.after, signal)) {
    batch.push(product);
    if (batch.length >= BATCH) await save();
  }
  await save();
  await saveBackfillState(pool, { after: null, completed: true });
}

/** SKUs of one question; `product` answers at most so many. */
const DETAILS_BATCH = 100;

/**
 * Asks `product` for the details (tax class, weight, categories …) that rows of the copy lack: rows from before there were details, and
 * rows that were written during a rolling update, when an instance of the version before published or handled the event. Usually there
 * are none. Ends when `product` does not tell details yet; the next run asks again.
 */
export async function fetchMissingDetails(pool: Pool, products: ProductClient, signal: AbortSignal): Promise<void> {
  for (let after = ''; !signal.aborted; ) {
    const skus = await skusWithoutDetails(pool, after, DETAILS_BATCH);
    if (skus.length === 0) return;
    const found = await products.bySku(skus);
    if (found.length > 0 && !found.some(hasDetails)) return;
    await saveProducts(pool, found);
    // A SKU that `product` does not know is passed over.
    after = skus.at(-1) ?? '';
  }
}

/**
 * Asks `product` about SKUs that are not in the copy, and keeps the answer. What it does not know either is not asked
 * for again for `forgetMs`, and the same SKU is asked for once at a time, so that made-up SKUs cost it little.
 */
export function createVariantFetcher(pool: Pool, products: ProductClient, now: () => Date, forgetMs: number) {
  const asking = new Map<string, Promise<void>>();
  const unknownUntil = new Map<string, number>();

  async function ask(skus: readonly string[]): Promise<void> {
    const found = await products.bySku(skus);
    await saveProducts(pool, found);
    const known = new Set(found.flatMap((product) => product.variants.map((variant) => variant.sku)));
    for (const sku of skus) if (!known.has(sku)) remember(sku);
  }

  function remember(sku: string) {
    if (unknownUntil.size >= 10_000) unknownUntil.clear();
    unknownUntil.set(sku, now().getTime() + forgetMs);
  }

  return async function fetchVariants(skus: readonly string[]): Promise<Map<string, SellableVariant>> {
    const wanted = skus.filter((sku) => (unknownUntil.get(sku) ?? 0) <= now().getTime());
    const fresh = wanted.filter((sku) => !asking.has(sku));
    if (fresh.length > 0) {
      const answer = ask(fresh).finally(() => {
        for (const sku of fresh) asking.delete(sku);
      });
      for (const sku of fresh) asking.set(sku, answer);
    }
    await Promise.all(wanted.map((sku) => asking.get(sku)));
    return wanted.length > 0 ? variantsBySku(pool, wanted) : new Map();
  };
}
