import type { Db } from '@tradepost/postgres/db';
import { type SearchQuery, searchQueryOf } from '../domain/search-query.ts';
import { phraseWords } from '../store/phrase-words.ts';
import { createFifoCache } from './fifo-cache.ts';

/** What a phrase is searched for by. */
export type SearchQueries = (phrase: string) => Promise<SearchQuery>;

/** Of phrases of 300 characters it is a few megabytes at most. */
const REMEMBERED = 1_000;

/** Compiles phrases, and remembers what they came to: it follows from the phrase alone. */
export function createSearchQueries(db: Db): SearchQueries {
  const known = createFifoCache<SearchQuery>(REMEMBERED);
  return async (phrase) => {
    const found = known.get(phrase);
    if (found !== undefined) return found;
    const query = searchQueryOf(await phraseWords(db, phrase));
    known.set(phrase, query);
    return query;
  };
}
