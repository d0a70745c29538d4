import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import { editDistance, typoTolerance, withOtherBeginning } from '../domain/edit-distance.ts';

const insertWords = sql(
  'search-word.insert',
  `insert into search_word (word) select word from unnest($1::text[]) as word order by word collate "C"
    on conflict do nothing`,
);

/** Makes the words known to the search for misspelt ones. */
export async function addWords(tx: Tx, words: readonly string[]): Promise<void> {
  if (words.length > 0) await tx.query(insertWords([words]));
}

// Trigrams find little of short words: those that begin alike, and are about as long, are compared as well, and those with one mistake at the
// beginning are looked up.
const similar = sql(
  'search-word.similar',
  `select w.word as wanted, s.word, similarity(s.word, w.word) as similarity from unnest($1::text[]) as w(word), lateral (
      (select s.word from search_word s where s.word % w.word order by similarity(s.word, w.word) desc, s.word limit 8)
      union
      (select s.word from search_word s, lateral (select left(w.word, case when length(w.word) < 5 then 1 else 2 end)) as b(start)
        where s.word >= b.start and s.word < b.start || chr(1114111)
          and length(s.word) between length(w.word) - 1 and length(w.word) + case when length(w.word) < 5 then 1 else 2 end
        limit 1000)) as s
    union
    select c.wanted, s.word, similarity(s.word, c.wanted)
      from unnest($2::text[], $3::text[]) as c(wanted, word) join search_word s using (word)`,
);

/** Words with another beginning, of all words together: those of five. */
const MAX_LOOKED_UP = 280;

type Similar = { wanted: string; word: string; similarity: number };

/**
 * For each word, words of titles that are spelt like it, at most `limit`: those with the fewest mistakes first, and of these those of which
 * letters were forgotten (`tase` is rather a `tasse` than a `tape`). Where each has too many mistakes,
 * the one with the most trigrams in common, which may be a part of it or have it as a part.
 */
export async function similarWords(db: Db, words: readonly string[], limit: number): Promise<Map<string, string[]>> {
  const others = words
    .flatMap((word) => withOtherBeginning(word).map((other) => ({ word, other })))
    .slice(0, MAX_LOOKED_UP);
  const { rows } = await db.query<Similar>(
    similar([words, others.map(({ word }) => word), others.map(({ other }) => other)]),
  );
  const ofWords = Map.groupBy(rows, ({ wanted }) => wanted);
  return new Map([...ofWords].map(([wanted, all]) => [wanted, mostSimilar(wanted, all, limit)]));
}

/** Whether a word has all letters of another, in their order. */
function hasLettersOf(word: string, other: string): boolean {
  let from = 0;
  for (const letter of other) {
    from = word.indexOf(letter, from) + 1;
    if (from === 0) return false;
  }
  return true;
}

/** What `pg_trgm` calls similar. */
const MIN_SIMILARITY = 0.3;

function mostSimilar(wanted: string, all: readonly Similar[], limit: number): string[] {
  const near = all
    .map(({ word }) => ({ word, distance: editDistance(wanted, word), isForgotten: hasLettersOf(word, wanted) }))
    .filter(({ distance }) => distance > 0 && distance <= typoTolerance(wanted))
    .sort(
      (a, b) => a.distance - b.distance || Number(b.isForgotten) - Number(a.isForgotten) || (a.word < b.word ? -1 : 1),
    );
  if (near.length > 0) return near.slice(0, limit).map(({ word }) => word);
  const [first] = all.toSorted((a, b) => b.similarity - a.similarity || (a.word < b.word ? -1 : 1));
  return first && first.word !== wanted && first.similarity >= MIN_SIMILARITY ? [first.word] : [];
}
