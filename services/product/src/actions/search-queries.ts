import type { Db } from '@tradepost/postgres/db';
import { compoundingLanguages } from '../domain/search-languages.ts';
import { type SearchQuery, type Synonyms, searchQueryOf, type Word } from '../domain/search-query.ts';
import { createSynonyms } from '../domain/synonyms.ts';
import { compoundWords, phraseWords } from '../store/phrase-words.ts';
import type { SearchState } from '../store/search-state.ts';
import { readSynonymGroups } from '../store/synonyms.ts';
import { createFifoCache } from './fifo-cache.ts';
import type { SearchIndex } from './search-index.ts';

/** What a phrase is searched for by. */
export type SearchQueries = (phrase: string) => Promise<SearchQuery>;

/** Of phrases of 300 characters it is a few megabytes at most. */
const REMEMBERED = 1_000;

/** Compiles phrases, and remembers what they came to until the languages or the synonyms of the shop change. */
export function createSearchQueries(db: Db, index: SearchIndex): SearchQueries {
  const known = createFifoCache<SearchQuery>(REMEMBERED);
  const synonymsFor = createSynonymReader(db);
  let compiledWith: SearchState | undefined;
  return async (phrase) => {
    const state = await index.current();
    if (compiledWith && !isSame(compiledWith, state)) known.clear();
    compiledWith = state;
    const found = known.get(phrase);
    if (found !== undefined) return found;
    const synonyms = await synonymsFor(state);
    const words = await withCompounds(db, await phraseWords(db, phrase, state.languages), state.languages);
    const query = searchQueryOf(words, synonyms);
    // Not what was compiled with a state that is no longer the current one.
    if (compiledWith === state) known.set(phrase, query);
    return query;
  };
}

/** Compounds are words of titles: with these, a phrase is compiled anew whenever the state of the index was read. */
function isSame(before: SearchState, now: SearchState): boolean {
  if (before === now) return true;
  return isOfSameSettings(before, now) && !now.languages.some((name) => compoundingLanguages.has(name));
}

const isOfSameSettings = (a: SearchState, b: SearchState): boolean =>
  a.languages.join() === b.languages.join() && a.synonymsVersion === b.synonymsVersion;

/** Keeps the synonyms of one state; those who search at the same time wait for one read. */
function createSynonymReader(db: Db): (state: SearchState) => Promise<Synonyms> {
  let kept: { state: SearchState; synonyms: Promise<Synonyms> } | undefined;
  return (state) => {
    if (kept && isOfSameSettings(kept.state, state)) return kept.synonyms;
    const synonyms = readSynonymGroups(db, state.languages).then(createSynonyms);
    const reading = { state, synonyms };
    kept = reading;
    synonyms.catch(() => {
      // The next search reads them again.
      if (kept === reading) kept = undefined;
    });
    return synonyms;
  };
}

async function withCompounds(db: Db, words: readonly Word[], languages: readonly string[]): Promise<Word[]> {
  const compounding = languages.filter((language) => compoundingLanguages.has(language));
  const meaningful = words.filter(({ stems }) => stems.length > 0).map(({ word }) => word);
  if (compounding.length === 0 || meaningful.length === 0) return [...words];
  const compounds = await compoundWords(db, meaningful, compounding);
  return words.map((word) => ({ ...word, compounds: compounds.get(word.word) ?? [] }));
}
