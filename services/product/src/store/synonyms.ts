import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import type { Word } from '../domain/search-query.ts';
import type { SynonymGroups } from '../domain/synonyms.ts';

/** A group of words that mean the same in searches. */
export type SynonymGroup = { id: string; terms: string[]; version: number };

const columns = 'id, terms, version';
const all = sql('search-synonym.all', `select ${columns} from search_synonym order by terms, id`);
const one = sql('search-synonym.one', `select ${columns} from search_synonym where id = $1`);
const count = sql('search-synonym.count', 'select count(*)::int as groups from search_synonym');
const put = sql(
  'search-synonym.put',
  `insert into search_synonym as s (id, terms, version) values ($1, $2, 1)
    on conflict (id) do update set terms = excluded.terms, version = s.version + 1 returning ${columns}`,
);
const remove = sql('search-synonym.remove', 'delete from search_synonym where id = $1');
// The lock of all changes: the row is that of the version which instances read the groups anew by.
const lock = sql('search-synonym.lock', 'update search_state set synonyms_version = synonyms_version + 1');

/** All groups, by their first word. */
export async function allSynonyms(db: Db): Promise<SynonymGroup[]> {
  const { rows } = await db.query<SynonymGroup>(all([]));
  return rows;
}

/** Waits for other changes of synonyms, and tells all instances of this one once it is committed. */
export async function lockSynonyms(tx: Tx): Promise<void> {
  await tx.query(lock([]));
}

export async function findSynonyms(tx: Tx, id: string): Promise<SynonymGroup | undefined> {
  const { rows } = await tx.query<SynonymGroup>(one([id]));
  return rows[0];
}

export async function countSynonyms(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ groups: number }>(count([]));
  return rows[0]?.groups ?? 0;
}

export async function saveSynonyms(tx: Tx, id: string, terms: readonly string[]): Promise<SynonymGroup> {
  const { rows } = await tx.query<SynonymGroup>(put([id, terms]));
  const [row] = rows;
  if (!row) throw new Error('The synonyms were not written');
  return row;
}

export async function deleteSynonyms(tx: Tx, id: string): Promise<void> {
  await tx.query(remove([id]));
}

const words = sql(
  'search-synonym.words',
  `select s.id, t.place::int, w.word, w.parts, w.stems
    from search_synonym s, unnest(s.terms) with ordinality as t(term, place),
      phrase_words(t.term, $1) with ordinality as w(word, parts, stems, position)
    order by s.id, t.place, w.position`,
);

/** All groups, with their words as an index with these languages has them. Stop words are left out of terms that have others. */
export async function readSynonymGroups(db: Db, languages: readonly string[]): Promise<SynonymGroups> {
  const { rows } = await db.query<Word & { id: string; place: number }>(words([languages]));
  const groups = Map.groupBy(rows, ({ id }) => id);
  return [...groups.values()].map((group) =>
    [...Map.groupBy(group, ({ place }) => place).values()].map((term) => {
      const meaningful = term.filter(({ stems }) => stems.length > 0);
      return (meaningful.length > 0 ? meaningful : term).map(({ word, parts, stems }) => ({ word, parts, stems }));
    }),
  );
}
