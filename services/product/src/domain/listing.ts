import type { Status } from './product.ts';

export const sortOrders = ['relevance', 'newest', 'price', '-price', 'title'] as const;
export type Sort = (typeof sortOrders)[number];

/** Which products a list has. */
export type Filters = {
  status: Status;
  /** What was searched for; at least one letter or digit. */
  phrase?: string;
  category?: string;
  /** Whether the operators have chosen it to be shown first. */
  featured?: boolean;
  sellerId?: string;
  /** Minor units; of the lowest price of a product. */
  minPrice?: number;
  maxPrice?: number;
  currency?: string;
  inStock?: boolean;
};

/** Where a page of a sorted list ended: the sort key of its last product, as text, and the product's id. */
export type SortPosition = { key: string | null; id: string };

/**
 * Where a page of a search ended. Matches are ranked in buckets, so that a search costs the same however many there are: the whole
 * catalogue is one bucket where few products match, else it is divided at random into 16, 256 or 4,096. Where many match, those by name
 * come first, then those by their description alone.
 */
export type RankPosition = {
  tier: 'all' | 'names' | 'description';
  level: number;
  bucket: number;
  /** The last product, or null for the beginning of the bucket. */
  last: Pick<Match, 'isNamed' | 'score' | 'id'> | null;
};

/** A product that matches, with what ranks it and what it counts for in facets. */
export type Match = {
  id: string;
  /** All words are in the title, the categories or the variants. */
  isNamed: boolean;
  score: number;
  categories: string[];
  price: { amount: number; currency: string };
  inStock: boolean;
};

type RankOrder = Pick<Match, 'isNamed' | 'score' | 'id'>;

/** Matches by name first, then the best, and of equals the newest. */
export const byRank = (a: RankOrder, b: RankOrder): number =>
  Number(b.isNamed) - Number(a.isNamed) || b.score - a.score || (a.id < b.id ? 1 : -1);

/** What of the matches of a bucket comes after a place in it. */
export function restOfBucket(matches: readonly Match[], last: RankPosition['last']): Match[] {
  const ranked = matches.toSorted(byRank);
  return last ? ranked.filter((match) => match.id !== last.id && byRank(match, last) > 0) : ranked;
}

/** What is searched for in the place of a phrase that nothing matches: with words corrected, or some left out. */
export type OtherWords = { phrase: string; isCorrected: boolean; leftOut: string[] };

/** Whether there is anything in a text to search for. */
export const hasWords = (text: string): boolean => /[\p{Alphabetic}0-9]/u.test(text);
