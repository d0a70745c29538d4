import type { Facets, RankPosition, SortPosition } from '../domain/listing.ts';

/** Where a page ended; `corrected` is what was searched for instead of the phrase. */
export type Position = ({ sorted: SortPosition } | { ranked: RankPosition }) & { corrected: string | null };

/** Not to be changed: it may be others' too. */
export type ListAnswer = {
  /** The products as JSON, one text each. */
  items: string[];
  next: Position | undefined;
  facets: Facets | undefined;
  corrected: string | undefined;
};
