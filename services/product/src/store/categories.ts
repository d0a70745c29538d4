import { type Db, sql } from '@tradepost/postgres/db';

const largest = sql(
  'category.largest',
  'select slug, products from category where products > 0 order by products desc, slug limit $1',
);

/** The categories with the most active products. */
export async function largestCategories(db: Db, limit: number): Promise<{ slug: string; products: number }[]> {
  const { rows } = await db.query<{ slug: string; products: number }>(largest([limit]));
  return rows;
}

const similar = sql(
  'search-word.similar',
  `select coalesce((select s.word from search_word s where s.word % w.word
      order by similarity(s.word, w.word) desc, s.word limit 1), w.word) as word
    from unnest($1::text[]) with ordinality as w(word, position) order by position`,
);

/** For each word, the word of a title that is spelt most like it; the word itself where none is. */
export async function similarWords(db: Db, words: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ word: string }>(similar([words]));
  return rows.map((row) => row.word);
}
