import { hasWords } from '../domain/listing.ts';
import { slugOf } from '../domain/slug.ts';
import { categoriesBeginning } from '../store/categories.ts';
import type { Context } from './context.ts';
import { listProducts } from './list-products.ts';

const MAX_CATEGORIES = 3;

/** What an unfinished phrase may lead to; products as JSON. */
export type Suggestions = { categories: { slug: string; products: number }[]; products: string[] };

/** Categories whose name begins so, and the best products. */
export async function readSuggestions(ctx: Context, phrase: string, limit: number): Promise<Suggestions> {
  if (!hasWords(phrase)) return { categories: [], products: [] };
  const listing = { filters: { status: 'active', phrase }, sort: 'relevance' } as const;
  const [categories, { items }] = await Promise.all([
    categoriesBeginning(ctx.pool, slugOf(phrase), MAX_CATEGORIES),
    listProducts(ctx, undefined, listing, { after: undefined, limit, facets: false }),
  ]);
  return { categories, products: items };
}
