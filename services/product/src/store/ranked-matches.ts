import type { Db, Statement } from '@tradepost/postgres/db';
import type { Filters, Match } from '../domain/listing.ts';
import { titleKey } from '../domain/product.ts';
import { anyTerm, type Requirement, tsquery } from '../domain/search-query.ts';

/** The filters of a list, with the sellers whose products are left out. */
export type ListFilters = Filters & { hiddenSellers?: readonly string[] };

export type RankedQuery = {
  filters: ListFilters;
  /** What the index is asked for. */
  condition: readonly Requirement[];
  /** What makes a match by name. */
  names: readonly Requirement[];
  /** What is counted for the rank. */
  ranked: readonly Requirement[];
  most: number;
};

/** Matches, and how many the index had, of which filters that it does not know may have left some out. */
export type RankedMatches = { matches: Match[]; looked: number };

type Row = [string | null, boolean, number, string, string, number, boolean];

/** Matches by the index alone, at most `most`, each with its score: by name first, an exact title before others. */
export async function rankedMatches(db: Db, query: RankedQuery): Promise<RankedMatches> {
  const { rows } = await db.query<Row>(rankedStatement(query));
  const matches: Match[] = [];
  let looked = 0;
  for (const [id, isNamed, score, categories, currency, amount, inStock] of rows) {
    if (id === null) looked = amount;
    else {
      const price = { amount, currency };
      matches.push({ id, isNamed, score, categories: categories === '' ? [] : categories.split(' '), price, inStock });
    }
  }
  return { matches, looked };
}

export function rankedStatement({ filters, condition, names, ranked, most }: RankedQuery): Statement {
  return {
    name: 'product.ranked-matches',
    text: `select id, is_named, score, categories, currency, amount, in_stock from ranked_matches(
      $1::tsquery, $2::tsquery, $3::tsquery, $4, $5, $6, $7::uuid[], $8, $9)`,
    values: [
      ...[tsquery(condition), tsquery(names), anyTerm(ranked), titleKey(filters.phrase?.trim() ?? '')],
      ...outerFilters(filters),
      most,
    ],
    rowMode: 'array',
  };
}

/** The filters that are no lexemes: prices, sellers who were banned a moment ago, and what is not featured. */
export const outerFilters = ({ minPrice, maxPrice, hiddenSellers, featured }: ListFilters): unknown[] => [
  ...[minPrice ?? null, maxPrice ?? null, hiddenSellers ?? null, featured ?? null],
];
