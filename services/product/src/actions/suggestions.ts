import { hasWords, type OtherWords } from '../domain/listing.ts';
import { slugOf } from '../domain/slug.ts';
import { categoriesBeginning } from '../store/categories.ts';
import type { Context } from './context.ts';
import { listProducts } from './list-products.ts';

const MAX_CATEGORIES = 3;

/** What an unfinished phrase may lead to; products as JSON. */
export type Suggestions = {
  categories: { slug: string; products: number }[];
  products: string[];
  /** What was searched for instead of the phrase, which nothing matched. */
  instead: OtherWords | undefined;
};

/** Categories whose name begins so, and the best products. Where the phrase has typing mistakes, those of the corrected one. */
export async function readSuggestions(ctx: Context, phrase: string, limit: number): Promise<Suggestions> {
  if (!hasWords(phrase)) return { categories: [], products: [], instead: undefined };
  const listing = { filters: { status: 'active', phrase }, sort: 'relevance' } as const;
  const [begun, { items, instead }] = await Promise.all([
    categoriesBeginning(ctx.pool, slugOf(phrase), MAX_CATEGORIES),
    listProducts(ctx, undefined, listing, { after: undefined, limit, facets: false }),
  ]);
  const isMisspelt = begun.length === 0 && instead?.isCorrected === true;
  const categories = isMisspelt ? await categoriesBeginning(ctx.pool, slugOf(instead.phrase), MAX_CATEGORIES) : begun;
  return { categories, products: items, instead };
}
