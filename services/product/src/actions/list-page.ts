import type { Facets } from '../domain/facets.ts';
import type { Filters, OtherWords, RankPosition, Sort, SortPosition } from '../domain/listing.ts';
import type { ListItem } from '../store/listed-products.ts';

/** Where a page ended, and what was searched for instead of the phrase. */
export type Position = ({ sorted: SortPosition } | { ranked: RankPosition }) & { instead: OtherWords | null };

/** Not to be changed: it may be others' too. */
export type ListAnswer = {
  /** The products as JSON, one text each. */
  items: string[];
  next: Position | undefined;
  facets: Facets | undefined;
  /** What was searched for instead of the phrase, which nothing matched. */
  instead: OtherWords | undefined;
};

/** Which products are wanted, in which order. */
export type ListQuery = { filters: Filters; sort: Sort };

export type PageRequest = { after: Position | undefined; limit: number; facets: boolean };

export type ListingPage = {
  items: ListItem[];
  next: { sorted: SortPosition } | { ranked: RankPosition } | undefined;
  facets: Facets | undefined;
};
