import { type Db, sql } from '@tradepost/postgres/db';
import type { Word } from '../domain/search-query.ts';

const read = sql('search.phrase-words', 'select word, parts, stems from phrase_words($1)');

/** The words of a phrase as the index has them. */
export async function phraseWords(db: Db, phrase: string): Promise<Word[]> {
  const { rows } = await db.query<Word>(read([phrase]));
  return rows;
}
