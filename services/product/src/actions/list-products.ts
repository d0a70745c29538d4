import { Refusal } from '@tradepost/contracts/refusal';
import { type Filters, hasWords, type Place, type Sort, searchedWords } from '../domain/listing.ts';
import { composeProduct } from '../domain/summary.ts';
import { similarWords } from '../store/categories.ts';
import { type Facets, type Page, productPage } from '../store/product-pages.ts';
import type { Viewer } from './access.ts';
import type { Context } from './context.ts';

/** Which products are wanted, in which order. */
export type Listing = { filters: Filters; sort: Sort };

/** Where the next page of a listing begins; `corrected` is what was searched for instead of the phrase. */
export type Position = { place: Place; corrected: string | null };

export type ListAnswer = {
  /** The products as JSON, one text each. */
  items: string[];
  next: Position | undefined;
  facets: Facets | undefined;
  corrected: string | undefined;
};

/** Refuses with `forbidden` what is archived, unless it is asked for by whose it is. */
export function assertMayList(viewer: Viewer, { status, sellerId }: Filters): void {
  if (status === 'active' || viewer?.role === 'admin') return;
  if (viewer?.role === 'seller' && viewer.accountId === sellerId) return;
  throw new Refusal('forbidden', 'Archived products are listed for their seller only: with ?sellerId= of your own', {
    errors: [{ field: '?status', message: 'must be active' }],
  });
}

/** By relevance there must be something to be relevant to. */
export function sortOf(sort: Sort | undefined, phrase: string | undefined): Sort {
  if (phrase === undefined) return sort === undefined || sort === 'relevance' ? 'newest' : sort;
  return sort ?? 'relevance';
}

/**
 * One page of a list or a search. A search that finds nothing is tried once more with the words of titles that are
 * spelt most like those of the phrase.
 */
export async function listProducts(
  ctx: Context,
  viewer: Viewer,
  { filters, sort }: Listing,
  page: { after: Position | undefined; limit: number; facets: boolean },
): Promise<ListAnswer> {
  assertMayList(viewer, filters);
  const { after, limit } = page;
  const facets = page.facets && !after;
  if (filters.phrase !== undefined && !hasWords(filters.phrase)) {
    const none: Facets = { complete: true, categories: [], prices: [] };
    return { items: [], next: undefined, facets: facets ? none : undefined, corrected: undefined };
  }
  const ask = (phrase: string | undefined) =>
    productPage(ctx.pool, {
      ...{ filters: phrase === undefined ? filters : { ...filters, phrase }, sort, after: after?.place, limit, facets },
    });
  if (after?.corrected) return answer(await ask(after.corrected), after.corrected);
  const found = await ask(filters.phrase);
  if (found.items.length > 0 || after || filters.phrase === undefined) return answer(found, undefined);
  const corrected = await correctedPhrase(ctx, filters.phrase);
  return corrected === undefined ? answer(found, undefined) : answer(await ask(corrected), corrected);
}

async function correctedPhrase(ctx: Context, phrase: string): Promise<string | undefined> {
  const words = searchedWords(phrase);
  const similar = await similarWords(ctx.pool, words);
  return similar.join(' ') === words.join(' ') ? undefined : similar.join(' ');
}

function answer({ items, next, facets }: Page, corrected: string | undefined): ListAnswer {
  return {
    items: items.map(({ summary, available }) => composeProduct(summary, available)),
    next: next && { place: next, corrected: corrected ?? null },
    facets,
    corrected,
  };
}
