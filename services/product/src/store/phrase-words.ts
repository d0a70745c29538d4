import { type Db, sql } from '@tradepost/postgres/db';
import { type Requirement, tsquery, type Word } from '../domain/search-query.ts';

const read = sql('search.phrase-words', 'select word, parts, stems from phrase_words($1)');

/** The words of a phrase as the index has them. */
export async function phraseWords(db: Db, phrase: string): Promise<Word[]> {
  const { rows } = await db.query<Word>(read([phrase]));
  return rows;
}

// `sorted_matches`, since it asks the index alone: for a word that no product has, PostgreSQL would read the whole table.
const inIndex = sql(
  'search.are-in-index',
  `select found.key <> '0' as "isKnown" from unnest($1::text[]) with ordinality as t(condition, place),
      sorted_matches(t.condition::tsquery, 'newest', null, null, null, null, null, null, 1, 0) as found
    order by place`,
);

/** For each requirement, whether any active product has it. */
export async function areInIndex(db: Db, requirements: readonly Requirement[]): Promise<boolean[]> {
  const conditions = requirements.map((requirement) => tsquery([requirement]));
  const { rows } = await db.query<{ isKnown: boolean }>(inIndex([conditions]));
  return rows.map(({ isKnown }) => isKnown);
}
