import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import type { SearchStatistics } from '../domain/search-estimate.ts';

/** What searches must know before they plan. */
export type SearchState = {
  /** False while products that were there before migration 12 are still to get their terms. */
  isComplete: boolean;
  cursorKey: Buffer;
  /** Whose stems the index has: names of `snowball` dictionaries of PostgreSQL. */
  languages: readonly string[];
  /** Of the synonyms: another one after each change. */
  synonymsVersion: number;
  statistics: SearchStatistics;
};

const read = sql(
  'search-state.read',
  `select is_complete as "isComplete", cursor_key as "cursorKey", languages, synonyms_version as "synonymsVersion",
      greatest(c.reltuples, 0)::float8 as products,
      coalesce(s.most_common_elems::text::text[], '{}') as lexemes, coalesce(s.most_common_elem_freqs, '{}')::float8[] as parts
    from search_state join pg_class c on c.oid = 'product'::regclass
      left join pg_stats s on s.schemaname = current_schema and s.tablename = 'product' and s.attname = 'terms'`,
);

type Row = Omit<SearchState, 'statistics'> & { products: number; lexemes: string[]; parts: number[] };

/** Reads the state of the index, and what ANALYZE found out about it. */
export async function readSearchState(db: Db): Promise<SearchState> {
  const { rows } = await db.query<Row>(read([]));
  const [row] = rows;
  if (!row) throw new Error('search_state has no row');
  const { products, lexemes, parts, ...state } = row;
  const frequencies = new Map(lexemes.map((lexeme, index) => [lexeme, parts[index] ?? 0]));
  return { ...state, statistics: { products, frequencies } };
}

const claim = sql(
  'search-state.claim',
  'select done_to from search_state where not (is_complete and is_refilled) for no key update skip locked',
);
const fill = sql(
  'product.fill-terms',
  `with next as (select id from product where $1::uuid is null or id > $1 order by id limit $2 for no key update)
    update product p set terms = product_terms(p) from next where p.id = next.id returning p.id`,
);
const save = sql(
  'search-state.save',
  'update search_state set done_to = $1, is_complete = is_complete or $2, is_refilled = $2',
);

const setLanguages = sql(
  'search-state.languages',
  `update search_state set languages = $1, is_refilled = false, done_to = null
    where languages <> $1`,
);

/** Makes these the languages of the index. Products that were there before get the stems of these by `fillTerms`. */
export async function saveLanguages(db: Db, languages: readonly string[]): Promise<void> {
  await db.query(setLanguages([languages]));
}

/** Gives the next products their terms, and returns how many; 0 when all have them, or another instance is at it. */
export async function fillTerms(tx: Tx, limit: number): Promise<number> {
  const state = await tx.query<{ done_to: string | null }>(claim([]));
  const [row] = state.rows;
  if (!row) return 0;
  const { rows } = await tx.query<{ id: string }>(fill([row.done_to, limit]));
  const last = rows
    .map(({ id }) => id)
    .sort()
    .at(-1);
  await tx.query(save([last ?? row.done_to, rows.length < limit]));
  return rows.length;
}
