import type { Sort, SortPosition } from '../domain/listing.ts';
import { completePrefixes, estimate, isCheap, type SearchStatistics } from '../domain/search-estimate.ts';
import { filterRequirements, type SearchQuery } from '../domain/search-query.ts';
import { listedByIds } from '../store/listed-products.ts';
import type { ListFilters } from '../store/ranked-matches.ts';
import { endOfWalk, type SortedMatchesQuery, sortedMatches, walkSorted } from '../store/sorted-matches.ts';
import { type PositionedItem, sortedProducts } from '../store/sorted-products.ts';
import type { Context } from './context.ts';
import type { ListingPage, PageRequest } from './list-page.ts';

/** Products that a page looks at in the order of the list. */
export const MAX_WALKED = 1_200;
/** Matches that are sorted for a page. */
export const MAX_SORTED = 2_000;

type SortedItems = { items: PositionedItem[]; next: SortPosition | undefined };

/**
 * A page of a sorted list. Where many products match, it goes along the index of the order and leaves out the others; where few do, it
 * sorts those that the search index has. What it costs is bounded: a page may have fewer products than it could, and the next one goes
 * on where it ended.
 */
export async function sortedPage(
  ctx: Context,
  filters: ListFilters,
  query: SearchQuery | undefined,
  sort: Exclude<Sort, 'relevance'>,
  { after, limit }: PageRequest,
): Promise<Omit<ListingPage, 'facets'>> {
  const { statistics } = await ctx.searchIndex.current();
  const condition = [...(query ? completePrefixes(statistics, query.all) : []), ...filterRequirements(filters)];
  const place = after && 'sorted' in after ? after.sorted : undefined;
  const wanted = { filters, condition, sort, after: place, limit: limit + 1 };
  const found = await find(ctx, wanted, statistics);
  return { items: found.items.slice(0, limit), next: found.next && { sorted: found.next } };
}

async function find(ctx: Context, wanted: SortedMatchesQuery, statistics: SearchStatistics): Promise<SortedItems> {
  const { filters, condition, sort, after, limit } = wanted;
  if (isPlain(filters, sort)) {
    return cut(await sortedProducts(ctx.pool, { filters, sort, after, limit }), limit);
  }
  const expected = estimate(statistics, condition);
  const canSort = filters.status === 'active' && condition.length > 0 && isCheap(statistics, expected);
  const isDense = limit / expected.matching < MAX_WALKED;
  if (canSort && !isDense) {
    const sorted = await sortMatches(ctx, wanted);
    if (sorted) return sorted;
  }
  const items = await walkSorted(ctx.pool, wanted, MAX_WALKED);
  if (items.length >= limit) return cut(items, limit);
  const end = await endOfWalk(ctx.pool, wanted, MAX_WALKED);
  if (!end) return { items, next: undefined };
  return (canSort && isDense ? await sortMatches(ctx, wanted) : undefined) ?? { items, next: end };
}

/** Whether the index of the order has nearly nothing else than what is wanted. */
const isPlain = ({ status, inStock, ...others }: ListFilters, sort: Sort): boolean =>
  (inStock === undefined || (inStock && sort === 'newest')) &&
  Object.values(others).every((value) => value === undefined);

function cut(items: PositionedItem[], limit: number): SortedItems {
  return { items, next: items.length >= limit ? items[limit - 2]?.place : undefined };
}

/** All matches, sorted; undefined where there are too many. */
async function sortMatches(ctx: Context, wanted: SortedMatchesQuery): Promise<SortedItems | undefined> {
  const { places, looked } = await sortedMatches(ctx.pool, wanted, MAX_SORTED);
  if (looked >= MAX_SORTED) return undefined;
  const shown = places.slice(0, wanted.limit - 1);
  const listed = await listedByIds(
    ctx.pool,
    shown.map(({ id }) => id),
  );
  const items = listed.map((item, index) => ({ ...item, place: shown[index] ?? { id: '', key: null } }));
  return { items, next: places.length >= wanted.limit ? shown.at(-1) : undefined };
}
