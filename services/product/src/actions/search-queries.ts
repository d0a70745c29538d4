import type { Db } from '@tradepost/postgres/db';
import { compileQuery } from '../store/product-matches.ts';
import { createFifoCache } from './fifo-cache.ts';

/** What a phrase is searched for by, as PostgreSQL writes a `tsquery`. */
export type SearchQueries = (phrase: string) => Promise<string>;

/** Of phrases of 300 characters it is less than a megabyte. */
const REMEMBERED = 1_000;

/**
 * Compiles phrases, and remembers what they came to: it follows from the phrase alone. Inside of a statement PostgreSQL would
 * compile a phrase wherever it is named, two to five times for a search.
 */
export function createSearchQueries(db: Db): SearchQueries {
  const known = createFifoCache<string>(REMEMBERED);
  return async (phrase) => {
    const found = known.get(phrase);
    if (found !== undefined) return found;
    const query = await compileQuery(db, phrase);
    known.set(phrase, query);
    return query;
  };
}
