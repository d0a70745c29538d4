import { ProblemError } from '@tradepost/contracts/problem-error';
import { type Filters, facetsOf, hasWords, type Sort, searchedWords } from '../domain/listing.ts';
import { composeProduct } from '../domain/summary.ts';
import { similarWords } from '../store/search-words.ts';
import type { Viewer } from './access.ts';
import type { Context } from './context.ts';
import type { ListAnswer } from './list-page.ts';
import { type ListingPage, type ListQuery, type PageRequest, readListingPage } from './listing-page.ts';

/** Refuses with `forbidden` what is archived, unless it is asked for by whose it is. */
function assertMayList(viewer: Viewer, { status, sellerId }: Filters): void {
  if (status === 'active' || viewer?.isOperator) return;
  if (viewer?.role === 'seller' && viewer.accountId === sellerId) return;
  throw new ProblemError(
    'forbidden',
    'Archived products are listed for their seller only: with ?sellerId= of your own',
    {
      errors: [{ field: '?status', message: 'must be active' }],
    },
  );
}

/** By relevance there must be something to be relevant to. */
export function sortOf(sort: Sort | undefined, phrase: string | undefined): Sort {
  if (phrase === undefined) return sort === undefined || sort === 'relevance' ? 'newest' : sort;
  return sort ?? 'relevance';
}

/**
 * One page of a list or a search. Many look at the beginnings of the same lists, and who does so at the same time is given the
 * same. A search that finds nothing is tried once more with the words of titles that are spelt most like those of the phrase.
 */
export async function listProducts(
  ctx: Context,
  viewer: Viewer,
  listing: ListQuery,
  page: PageRequest,
): Promise<ListAnswer> {
  const { filters } = listing;
  const { phrase } = filters;
  assertMayList(viewer, filters);
  if (phrase !== undefined && !hasWords(phrase)) {
    const facets = page.facets ? facetsOf([], true) : undefined;
    return { items: [], next: undefined, facets, corrected: undefined };
  }
  const { after } = page;
  if (phrase === undefined && !after) {
    const key = JSON.stringify([listing, page.limit, page.facets]);
    return ctx.firstPages(key, async () => answer(await readListingPage(ctx, listing, page), undefined));
  }
  const ask = (words: string) => readListingPage(ctx, { ...listing, filters: { ...filters, phrase: words } }, page);
  if (after?.corrected) return answer(await ask(after.corrected), after.corrected);
  const found = await readListingPage(ctx, listing, page);
  if (found.items.length > 0 || after || phrase === undefined) return answer(found, undefined);
  const corrected = await correctedPhrase(ctx, phrase);
  return corrected === undefined ? answer(found, undefined) : answer(await ask(corrected), corrected);
}

async function correctedPhrase(ctx: Context, phrase: string): Promise<string | undefined> {
  const words = searchedWords(phrase);
  const similar = await similarWords(ctx.pool, words);
  return similar.join(' ') === words.join(' ') ? undefined : similar.join(' ');
}

function answer({ items, next, facets }: ListingPage, corrected: string | undefined): ListAnswer {
  return {
    items: items.map(({ summary, available }) => composeProduct(summary, available)),
    next: next && { ...next, corrected: corrected ?? null },
    facets,
    corrected,
  };
}
