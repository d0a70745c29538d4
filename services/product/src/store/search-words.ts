import { type Db, sql, type Tx } from '@tradepost/postgres/db';

const insertWords = sql(
  'search-word.insert',
  `insert into search_word (word) select word from unnest($1::text[]) as word order by word collate "C"
    on conflict do nothing`,
);

/** Makes the words known to the search for misspelt ones. */
export async function addWords(tx: Tx, words: readonly string[]): Promise<void> {
  if (words.length > 0) await tx.query(insertWords([words]));
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
