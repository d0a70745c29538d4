import { facetsOf } from '../domain/facets.ts';
import { type Match, type RankPosition, restOfBucket } from '../domain/listing.ts';
import { planRanked, type RankedPlan } from '../domain/ranked-plan.ts';
import { MAX_RANKED } from '../domain/search-estimate.ts';
import { filterRequirements, type SearchQuery } from '../domain/search-query.ts';
import { listedByIds } from '../store/listed-products.ts';
import { type ListFilters, rankedMatches } from '../store/ranked-matches.ts';
import type { Context } from './context.ts';
import type { ListingPage, PageRequest } from './list-page.ts';

/** Statements of one page. Words that are frequent each and never meet would be looked for in the whole catalogue. */
const MAX_STATEMENTS = 4;
/** Facets of a search with more matches are those of a part of them. */
const COUNTED = 100;

type RankedMatch = { match: Match; place: RankPosition };
type CollectedPage = { ranked: RankedMatch[]; counted: Match[]; next: RankPosition | undefined };

/**
 * A page of a search by relevance: goes on from bucket to bucket until the page is full. What it costs is bounded: a page may have fewer
 * products than it could, and the next one goes on where it ended.
 */
export async function rankedPage(
  ctx: Context,
  filters: ListFilters,
  query: SearchQuery,
  { after, limit, facets }: PageRequest,
): Promise<ListingPage> {
  const { statistics } = await ctx.searchIndex.current();
  const plan = planRanked(statistics, query, filterRequirements(filters));
  const start = after && 'ranked' in after ? after.ranked : plan.first();
  const countsFacets = facets && !after;
  const read = (place: RankPosition) =>
    rankedMatches(ctx.pool, {
      ...{ filters, condition: plan.condition(place), names: query.names, ranked: query.ranked, most: MAX_RANKED },
    });
  const isEnough = ({ ranked, counted }: CollectedPage) =>
    ranked.length > limit && (!countsFacets || counted.length >= COUNTED);
  const { ranked, counted, next } = await collect(plan, start, read, isEnough);
  const shown = ranked.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: await listedByIds(
      ctx.pool,
      shown.map(({ match }) => match.id),
    ),
    next: placeAfter(ranked.length > limit ? last : undefined, next),
    facets: countsFacets ? facetsOf(counted, next === undefined, partsOf(next)) : undefined,
  };
}

/** Of how many parts of the catalogue those that were read are one, by where the next page begins. */
const partsOf = (next: RankPosition | undefined): number =>
  next?.tier === 'names' && next.bucket > 0 ? Math.floor(16 ** next.level / next.bucket) : 1;

async function collect(
  plan: RankedPlan,
  start: RankPosition,
  read: (place: RankPosition) => Promise<{ matches: Match[]; looked: number }>,
  isEnough: (collected: CollectedPage) => boolean,
): Promise<CollectedPage> {
  const collected: CollectedPage = { ranked: [], counted: [], next: start };
  let isDivided = false;
  for (let statements = 0; collected.next && statements < MAX_STATEMENTS && !isEnough(collected); statements++) {
    const place: RankPosition = collected.next;
    const { matches, looked } = await read(place);
    const other = plan.replan(place, looked);
    // Never back to the whole catalogue after a part of it, and not with the last statement.
    if (other && (other.level > place.level || !isDivided) && statements < MAX_STATEMENTS - 1) {
      isDivided ||= other.level > place.level;
      collected.next = other;
      continue;
    }
    // Those by name were in the tier before.
    const added = place.tier === 'description' ? matches.filter(({ isNamed }) => !isNamed) : matches;
    for (const match of restOfBucket(added, place.last)) collected.ranked.push({ match, place });
    collected.counted.push(...added);
    collected.next = plan.next(place);
  }
  return collected;
}

function placeAfter(last: RankedMatch | undefined, next: RankPosition | undefined) {
  if (!last) return next && { ranked: next };
  const { isNamed, score, id } = last.match;
  return { ranked: { ...last.place, last: { isNamed, score, id } } };
}
