import type { Status } from './product.ts';

export const sorts = ['relevance', 'newest', 'price', '-price', 'title'] as const;
export type Sort = (typeof sorts)[number];

/** Which products a list has. */
export type Filters = {
  status: Status;
  /** What was searched for; at least one letter or digit. */
  phrase?: string;
  category?: string;
  sellerId?: string;
  /** Minor units; of the lowest price of a product. */
  minPrice?: number;
  maxPrice?: number;
  currency?: string;
  inStock?: boolean;
};

/** Where a page of a list ended: the sort key of its last product and the product's id. */
export type Place = {
  /** The title, minor units or the score, as text; null where the list is sorted by id. */
  key: string | null;
  id: string | null;
  /**
   * By relevance: products are ranked among the newest matches, so many at a time; what is ranked now comes before
   * this id.
   */
  block: string | null;
};

/** How many of the newest matches are ranked together, and how many matches facets are counted from. */
export const RANKED_AT_ONCE = 200;

/** Whether there is anything in a text to search for. */
export const hasWords = (text: string): boolean => /[\p{Alphabetic}0-9]/u.test(text);

/** The words of a search that are compared with those of titles, where nothing was found. */
export const searchedWords = (phrase: string): string[] =>
  (
    phrase
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{Alphabetic}0-9]+/gu) ?? []
  ).slice(0, 8);
