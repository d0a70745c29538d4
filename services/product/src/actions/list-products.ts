import { ProblemError } from '@tradepost/contracts/problem-error';
import {
  type Block,
  type Facets,
  FIRST_PLACE,
  type Filters,
  facetsOf,
  hasWords,
  type Match,
  nextBlock,
  type Place,
  RANKED_AT_ONCE,
  type RankedPlace,
  restOfBlock,
  type Sort,
  searchedWords,
} from '../domain/listing.ts';
import { composeProduct } from '../domain/summary.ts';
import { similarWords } from '../store/categories.ts';
import { type Listed, listedByIds, newestMatches, type Search, sortedProducts } from '../store/product-pages.ts';
import type { Viewer } from './access.ts';
import type { Context } from './context.ts';
import type { ListAnswer, Position } from './list-page.ts';

/** Which products are wanted, in which order. */
export type Listing = { filters: Filters; sort: Sort };

export type PageRequest = { after: Position | undefined; limit: number; facets: boolean };

type Page = {
  items: Listed[];
  next: { sorted: Place } | { ranked: RankedPlace } | undefined;
  facets: Facets | undefined;
};

/** Refuses with `forbidden` what is archived, unless it is asked for by whose it is. */
function assertMayList(viewer: Viewer, { status, sellerId }: Filters): void {
  if (status === 'active' || viewer?.role === 'admin') return;
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
  listing: Listing,
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
    return ctx.firstPages(key, async () => answer(await pageOf(ctx, listing, page), undefined));
  }
  const ask = (words: string) => pageOf(ctx, { ...listing, filters: { ...filters, phrase: words } }, page);
  if (after?.corrected) return answer(await ask(after.corrected), after.corrected);
  const found = await pageOf(ctx, listing, page);
  if (found.items.length > 0 || after || phrase === undefined) return answer(found, undefined);
  const corrected = await correctedPhrase(ctx, phrase);
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
    next: next && { ...next, corrected: corrected ?? null },
    facets,
    corrected,
  };
}

async function pageOf(ctx: Context, listing: Listing, page: PageRequest): Promise<Page> {
  const { sort } = listing;
  const { phrase } = listing.filters;
  const filters: Search = {
    ...listing.filters,
    ...(phrase !== undefined && { query: await ctx.searchQuery(phrase) }),
    ...(ctx.hiddenSellers.ids.size > 0 && { hiddenSellers: [...ctx.hiddenSellers.ids] }),
  };
  return sort === 'relevance' ? rankedPage(ctx, filters, page) : sortedPage(ctx, filters, sort, page);
}

async function sortedPage(
  ctx: Context,
  filters: Search,
  sort: Exclude<Sort, 'relevance'>,
  { after, limit, facets }: PageRequest,
): Promise<Page> {
  const place = after && 'sorted' in after ? after.sorted : undefined;
  const found = await sortedProducts(ctx.pool, { filters, sort, after: place, limit: limit + 1 });
  const last = found[limit - 1];
  const next = last && found.length > limit ? { sorted: last.place } : undefined;
  return { items: found.slice(0, limit), next, facets: facets && !after ? await facetsFor(ctx, filters) : undefined };
}

async function facetsFor(ctx: Context, filters: Search): Promise<Facets> {
  const named = await newestMatches(ctx.pool, filters, FIRST_PLACE);
  if (filters.phrase === undefined || named.length >= RANKED_AT_ONCE) {
    return facetsOf(named, named.length < RANKED_AT_ONCE);
  }
  const described = await newestMatches(ctx.pool, filters, { tier: 'description', before: null });
  return facetsOf([...named, ...described], described.length < RANKED_AT_ONCE);
}

/** Goes on from block to block until the page is full. Facets are counted from the blocks that it began with. */
async function rankedPage(ctx: Context, filters: Search, { after, limit, facets }: PageRequest): Promise<Page> {
  const ranked: { match: Match; block: Block }[] = [];
  const counted: Match[] = [];
  let place: RankedPlace | undefined = after && 'ranked' in after ? after.ranked : FIRST_PLACE;
  const countsOn = () => facets && !after && counted.length < RANKED_AT_ONCE;
  while (place && (ranked.length <= limit || countsOn())) {
    const block: RankedPlace = place;
    const matches = await newestMatches(ctx.pool, filters, block);
    for (const match of restOfBlock(matches, block)) ranked.push({ match, block });
    counted.push(...matches);
    const next = nextBlock(block, matches);
    place = next && { ...next, last: null };
  }
  const shown = ranked.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: await listedByIds(
      ctx.pool,
      shown.map(({ match }) => match.id),
    ),
    next:
      last && ranked.length > limit
        ? { ranked: { ...last.block, last: { score: last.match.score, id: last.match.id } } }
        : undefined,
    facets: facets && !after ? facetsOf(counted, place === undefined) : undefined,
  };
}
