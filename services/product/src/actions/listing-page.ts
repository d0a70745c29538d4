import {
  type Block,
  type Facets,
  FIRST_POSITION,
  type Filters,
  facetsOf,
  type Match,
  nextBlock,
  RANKED_AT_ONCE,
  type RankPosition,
  restOfBlock,
  type Sort,
  type SortPosition,
} from '../domain/listing.ts';
import type { Search } from '../store/list-conditions.ts';
import { type ListItem, listedByIds } from '../store/listed-products.ts';
import { newestMatches } from '../store/product-matches.ts';
import { sortedProducts } from '../store/sorted-products.ts';
import type { Context } from './context.ts';
import type { Position } from './list-page.ts';

/** Which products are wanted, in which order. */
export type ListQuery = { filters: Filters; sort: Sort };

export type PageRequest = { after: Position | undefined; limit: number; facets: boolean };

export type ListingPage = {
  items: ListItem[];
  next: { sorted: SortPosition } | { ranked: RankPosition } | undefined;
  facets: Facets | undefined;
};

/** Reads one page: of a sorted list from its index, of a search by relevance block by block. */
export async function readListingPage(ctx: Context, listing: ListQuery, page: PageRequest): Promise<ListingPage> {
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
): Promise<ListingPage> {
  const place = after && 'sorted' in after ? after.sorted : undefined;
  const found = await sortedProducts(ctx.pool, { filters, sort, after: place, limit: limit + 1 });
  const last = found[limit - 1];
  const next = last && found.length > limit ? { sorted: last.place } : undefined;
  return { items: found.slice(0, limit), next, facets: facets && !after ? await facetsFor(ctx, filters) : undefined };
}

async function facetsFor(ctx: Context, filters: Search): Promise<Facets> {
  const named = await newestMatches(ctx.pool, filters, FIRST_POSITION);
  if (filters.phrase === undefined || named.length >= RANKED_AT_ONCE) {
    return facetsOf(named, named.length < RANKED_AT_ONCE);
  }
  const described = await newestMatches(ctx.pool, filters, { tier: 'description', before: null });
  return facetsOf([...named, ...described], described.length < RANKED_AT_ONCE);
}

/** Goes on from block to block until the page is full. Facets are counted from the blocks that it began with. */
async function rankedPage(ctx: Context, filters: Search, { after, limit, facets }: PageRequest): Promise<ListingPage> {
  const ranked: { match: Match; block: Block }[] = [];
  const counted: Match[] = [];
  let place: RankPosition | undefined = after && 'ranked' in after ? after.ranked : FIRST_POSITION;
  const countsOn = () => facets && !after && counted.length < RANKED_AT_ONCE;
  while (place && (ranked.length <= limit || countsOn())) {
    const block: RankPosition = place;
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
