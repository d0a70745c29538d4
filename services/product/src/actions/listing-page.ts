import { type Facets, facetsOf } from '../domain/facets.ts';
import type { Sort } from '../domain/listing.ts';
import { bucketLevel, completePrefixes, estimate, MAX_RANKED } from '../domain/search-estimate.ts';
import { bucketRequirement, filterRequirements, type SearchQuery } from '../domain/search-query.ts';
import { type ListFilters, rankedMatches } from '../store/ranked-matches.ts';
import { sortedProducts } from '../store/sorted-products.ts';
import type { Context } from './context.ts';
import type { ListingPage, ListQuery, PageRequest } from './list-page.ts';
import { rankedPage } from './ranked-page.ts';
import { sortedPage } from './sorted-page.ts';

/** Reads one page of a list or a search. */
export async function readListingPage(ctx: Context, listing: ListQuery, page: PageRequest): Promise<ListingPage> {
  const { sort } = listing;
  const { phrase, status } = listing.filters;
  const hidden = ctx.hiddenSellers.ids;
  const filters = { ...listing.filters, ...(hidden.size > 0 && { hiddenSellers: [...hidden] }) };
  const { isComplete } = await ctx.searchIndex.current();
  if (!isComplete && !isPlain(filters)) return unindexedPage(ctx, filters, sort, page);
  const query = phrase === undefined ? undefined : await ctx.searchQuery(phrase);
  if (query && sort === 'relevance' && status === 'active') return rankedPage(ctx, filters, query, page);
  // The few who search what is archived are shown it by age.
  const found = await sortedPage(ctx, filters, query, sort === 'relevance' ? 'newest' : sort, page);
  return { ...found, facets: page.facets && !page.after ? await facetsFor(ctx, filters, query) : undefined };
}

const isPlain = ({ status, ...others }: ListFilters): boolean => Object.keys(others).length === 0;

/** While products of the version before have no terms yet: right, but no cheaper than it was. */
async function unindexedPage(
  ctx: Context,
  filters: ListFilters,
  sort: Sort,
  { after, limit, facets }: PageRequest,
): Promise<ListingPage> {
  const order = sort === 'relevance' ? 'newest' : sort;
  const place = after && 'sorted' in after ? after.sorted : undefined;
  const found = await sortedProducts(ctx.pool, { filters, sort: order, after: place, limit: limit + 1 });
  const last = found[limit - 1];
  const next = last && found.length > limit ? { sorted: last.place } : undefined;
  return { items: found.slice(0, limit), next, facets: facets && !after ? facetsOf([], false) : undefined };
}

/** Facets of a sorted list are counted from the matches themselves, of a part of them where there are many. */
async function facetsFor(ctx: Context, filters: ListFilters, query: SearchQuery | undefined): Promise<Facets> {
  const { statistics } = await ctx.searchIndex.current();
  if (filters.status !== 'active') return facetsOf([], false);
  const required = [...(query ? completePrefixes(statistics, query.all) : []), ...filterRequirements(filters)];
  const level = bucketLevel(statistics, estimate(statistics, required));
  const condition = [...required, ...bucketRequirement(level, 0)];
  const { matches, looked } = await rankedMatches(ctx.pool, {
    ...{ filters, condition, names: [], ranked: [], most: MAX_RANKED },
  });
  return facetsOf(matches, level === 0 && looked < MAX_RANKED, 16 ** level);
}
