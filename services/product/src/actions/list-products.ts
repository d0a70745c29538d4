import { ProblemError } from '@tradepost/contracts/problem-error';
import { facetsOf } from '../domain/facets.ts';
import { type Filters, hasWords, type OtherWords, type Sort } from '../domain/listing.ts';
import { composeProduct } from '../domain/summary.ts';
import type { Viewer } from './access.ts';
import type { Context } from './context.ts';
import type { ListAnswer, ListingPage, ListQuery, PageRequest } from './list-page.ts';
import { readListingPage } from './listing-page.ts';
import { otherWords } from './other-words.ts';

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
 * same. A search that finds nothing is tried with other words.
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
    return { items: [], next: undefined, facets, instead: undefined };
  }
  const { after } = page;
  if (phrase === undefined && !after) {
    const key = JSON.stringify([listing, page.limit, page.facets]);
    return ctx.firstPages(key, async () => answer(await readListingPage(ctx, listing, page), undefined));
  }
  const ask = (words: string) => readListingPage(ctx, { ...listing, filters: { ...filters, phrase: words } }, page);
  if (after?.instead) return answer(await ask(after.instead.phrase), after.instead);
  const found = await readListingPage(ctx, listing, page);
  if (found.items.length > 0 || found.next || after || phrase === undefined) return answer(found, undefined);
  for (const other of await otherWords(ctx, phrase)) {
    const page = await ask(other.phrase);
    // Told only where it helps.
    if (page.items.length > 0) return answer(page, other);
  }
  return answer(found, undefined);
}

function answer({ items, next, facets }: ListingPage, instead: OtherWords | undefined): ListAnswer {
  return {
    items: items.map(({ summary, available }) => composeProduct(summary, available)),
    next: next && { ...next, instead: instead ?? null },
    facets,
    instead,
  };
}
