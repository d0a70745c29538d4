import type { Db } from '@tradepost/postgres/db';
import { COMPOUNDING } from '../domain/search-languages.ts';
import { type SearchQuery, searchQueryOf, type Word } from '../domain/search-query.ts';
import { compoundWords, phraseWords } from '../store/phrase-words.ts';
import type { SearchState } from '../store/search-state.ts';
import { createFifoCache } from './fifo-cache.ts';
import type { SearchIndex } from './search-index.ts';

/** What a phrase is searched for by. */
export type SearchQueries = (phrase: string) => Promise<SearchQuery>;

/** Of phrases of 300 characters it is a few megabytes at most. */
const REMEMBERED = 1_000;

/** Compiles phrases, and remembers what they came to until the languages of the shop change. */
export function createSearchQueries(db: Db, index: SearchIndex): SearchQueries {
  const known = createFifoCache<SearchQuery>(REMEMBERED);
  let compiledWith: SearchState | undefined;
  return async (phrase) => {
    const state = await index.current();
    if (compiledWith && !isSame(compiledWith, state)) known.clear();
    compiledWith = state;
    const found = known.get(phrase);
    if (found !== undefined) return found;
    const words = await withCompounds(db, await phraseWords(db, phrase, state.languages), state.languages);
    const query = searchQueryOf(words);
    // Not what was compiled with a state that is no longer the current one.
    if (compiledWith === state) known.set(phrase, query);
    return query;
  };
}

/** Compounds are words of titles: with these, a phrase is compiled anew whenever the state of the index was read. */
function isSame(before: SearchState, now: SearchState): boolean {
  if (before === now) return true;
  return before.languages.join() === now.languages.join() && !now.languages.some((name) => COMPOUNDING.has(name));
}

async function withCompounds(db: Db, words: readonly Word[], languages: readonly string[]): Promise<Word[]> {
  const compounding = languages.filter((language) => COMPOUNDING.has(language));
  const meaningful = words.filter(({ stems }) => stems.length > 0).map(({ word }) => word);
  if (compounding.length === 0 || meaningful.length === 0) return [...words];
  const compounds = await compoundWords(db, meaningful, compounding);
  return words.map((word) => ({ ...word, compounds: compounds.get(word.word) ?? [] }));
}
