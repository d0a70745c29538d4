import type { RankPosition } from './listing.ts';
import {
  bucketLevel,
  completePrefixes,
  estimate,
  isCheap,
  MAX_RANKED,
  type SearchStatistics,
} from './search-estimate.ts';
import { bucketRequirement, type Requirement, type SearchQuery } from './search-query.ts';

type Tier = RankPosition['tier'];

/** Decides which part of the catalogue a search by relevance looks at next. */
export type RankedPlan = {
  first(): RankPosition;
  /** What the index is asked for at a place. */
  condition(place: RankPosition): Requirement[];
  /** The beginning at another level, where the words did not match as often as expected; undefined where this one will do. */
  replan(place: RankPosition, looked: number): RankPosition | undefined;
  next(place: RankPosition): RankPosition | undefined;
};

/** A bucket with fewer matches says that the words meet less often than chance has it. */
const FEW = 30;
const MAX_LEVEL = 3;

export function planRanked(
  statistics: SearchStatistics,
  query: SearchQuery,
  filters: readonly Requirement[],
): RankedPlan {
  const required = (tier: Tier): Requirement[] => [
    ...completePrefixes(statistics, tier === 'names' ? query.names : query.all),
    ...filters,
  ];
  const begin = (tier: Tier, level: number): RankPosition => ({ tier, level, bucket: 0, last: null });
  const levelOf = (tier: Tier) => bucketLevel(statistics, estimate(statistics, required(tier)));
  return {
    first: () => (levelOf('all') === 0 ? begin('all', 0) : begin('names', levelOf('names'))),
    condition: ({ tier, level, bucket }) => [...required(tier), ...bucketRequirement(level, bucket)],
    replan({ tier, level, bucket, last }, looked) {
      if (bucket > 0 || last) return undefined;
      if (looked >= MAX_RANKED && level < MAX_LEVEL) return begin(tier === 'all' ? 'names' : tier, level + 1);
      if (level === 0 || looked >= FEW) return undefined;
      const isWholeCheap = (wanted: Tier) => isCheap(statistics, estimate(statistics, required(wanted)));
      if (tier === 'names' && isWholeCheap('all')) return begin('all', 0);
      return isWholeCheap(tier) ? begin(tier, 0) : undefined;
    },
    next({ tier, level, bucket }) {
      if (bucket + 1 < 16 ** level) return { tier, level, bucket: bucket + 1, last: null };
      return tier === 'names' ? begin('description', levelOf('description')) : undefined;
    },
  };
}
