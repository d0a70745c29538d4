import { type Db, sql } from '@tradepost/postgres/db';
import { type Requirement, tsquery, type Word } from '../domain/search-query.ts';

const read = sql('search.phrase-words', 'select word, parts, stems from phrase_words($1, $2)');

/** The words of a phrase as an index with these languages has them. */
export async function phraseWords(db: Db, phrase: string, languages: readonly string[]): Promise<Word[]> {
  const { rows } = await db.query<Word>(read([phrase, languages]));
  return rows;
}

const compounds = sql(
  'search.compound-words',
  `select w.word, c.part, c.whole from unnest($1::text[]) as w(word), unnest($2::text[]) as language, compound_words(w.word, language) as c`,
);

/** For words of which titles have compounds, these: another word, or the two words that a word is made of. */
export async function compoundWords(
  db: Db,
  words: readonly string[],
  languages: readonly string[],
): Promise<Map<string, string[][]>> {
  const { rows } = await db.query<{ word: string; part: string | null; whole: string }>(compounds([words, languages]));
  const found = new Map<string, string[][]>();
  for (const { word, part, whole } of rows) {
    const one = part === null ? [whole] : [part, whole];
    found.set(word, [...(found.get(word) ?? []), one]);
  }
  return found;
}

// `sorted_matches`, since it asks the index alone: for a word that no product has, PostgreSQL would read the whole table.
const inIndex = sql(
  'search.are-in-index',
  `select found.key <> '0' as "isKnown" from unnest($1::text[]) with ordinality as t(condition, place),
      sorted_matches(t.condition::tsquery, 'newest', null, null, null, null, null, null, 1, 0) as found
    order by place`,
);

/** For each condition, whether any active product has all that it requires. */
export async function areInIndex(db: Db, conditions: readonly (readonly Requirement[])[]): Promise<boolean[]> {
  if (conditions.length === 0) return [];
  const { rows } = await db.query<{ isKnown: boolean }>(inIndex([conditions.map(tsquery)]));
  return rows.map(({ isKnown }) => isKnown);
}
