import type { Match } from './listing.ts';

type PriceRange = { currency: string; min: number; max: number };

/** What a list can be narrowed by, counted from its matches. */
export type Facets = {
  /** False where only some of the matches were counted. */
  complete: boolean;
  /** How many products match; `isMore`: at least so many. */
  total: { count: number; isMore: boolean };
  inStock: number;
  categories: { slug: string; count: number }[];
  /** From the lowest to the highest price of each currency. */
  prices: PriceRange[];
  /** Parts of that, with round limits. */
  priceRanges: (PriceRange & { count: number })[];
};

const MAX_CATEGORIES = 20;
const MAX_PRICE_RANGES = 5;
/** No list counts further. */
export const MAX_TOTAL = 1_000;

/**
 * Counts the categories of matches, the most frequent first, and finds the ranges of their prices. `parts`: of how many parts of the
 * catalogue the matches are one.
 */
export function facetsOf(matches: readonly Match[], complete: boolean, parts = 1): Facets {
  const counts = new Map<string, number>();
  const amounts = new Map<string, number[]>();
  for (const { categories, price } of matches) {
    for (const slug of categories) counts.set(slug, (counts.get(slug) ?? 0) + 1);
    const known = amounts.get(price.currency);
    if (known) known.push(price.amount);
    else amounts.set(price.currency, [price.amount]);
  }
  const categories = [...counts].map(([slug, count]) => ({ slug, count }));
  categories.sort((a, b) => b.count - a.count || (a.slug < b.slug ? -1 : 1));
  const sorted = [...amounts].map(([currency, all]) => ({ currency, all: all.sort((a, b) => a - b) }));
  sorted.sort((a, b) => (a.currency < b.currency ? -1 : 1));
  const count = complete ? matches.length : Math.min(MAX_TOTAL, matches.length * parts);
  return {
    ...{ complete, total: { count, isMore: !complete }, categories: categories.slice(0, MAX_CATEGORIES) },
    inStock: matches.filter(({ inStock }) => inStock).length,
    prices: sorted.map(({ currency, all }) => ({ currency, min: all[0] ?? 0, max: all.at(-1) ?? 0 })),
    priceRanges: sorted.flatMap(({ currency, all }) => priceRanges(all).map((range) => ({ currency, ...range }))),
  };
}

/** At most five ranges with about as many prices each, between round limits; none where there is nothing to divide. */
function priceRanges(sorted: readonly number[]): { min: number; max: number; count: number }[] {
  const at = (part: number) => sorted[Math.floor((sorted.length * part) / MAX_PRICE_RANGES)] ?? 0;
  const limits = new Set(Array.from({ length: MAX_PRICE_RANGES - 1 }, (_, index) => roundLimit(at(index + 1))));
  const bounds = [0, ...[...limits].filter((limit) => limit > 0), Number.POSITIVE_INFINITY];
  const ranges = bounds.slice(1).map((end, index) => {
    const inside = sorted.filter((amount) => amount >= (bounds[index] ?? 0) && amount < end);
    // Both limits belong to the range, as those of `minPrice` and `maxPrice` do.
    return {
      min: bounds[index] ?? 0,
      max: Number.isFinite(end) ? end - 1 : (inside.at(-1) ?? 0),
      count: inside.length,
    };
  });
  const filled = ranges.filter(({ count }) => count > 0);
  return filled.length > 1 ? filled : [];
}

/** One, two or five, and zeros. */
function roundLimit(amount: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(amount, 1)));
  const [limit = 1] = [5, 2, 1].filter((times) => times * unit <= amount);
  return limit * unit;
}
