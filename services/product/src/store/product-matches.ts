import { type Db, type Statement, sql } from '@tradepost/postgres/db';
import { type Block, type Match, RANKED_AT_ONCE } from '../domain/listing.ts';
import { titleKey } from '../domain/product.ts';
import { createValues, listConditions, type Search } from './list-conditions.ts';

const compile = sql('product.compile-query', 'select catalogue_query($1)::text as query');

/** A phrase as a `tsquery`, in PostgreSQL's own writing. */
export async function compileQuery(db: Db, phrase: string): Promise<string> {
  const { rows } = await db.query<{ query: string }>(compile([phrase]));
  const [row] = rows;
  if (!row) throw new Error('A phrase was not compiled');
  return row.query;
}

/**
 * The newest matches of a block, at most `RANKED_AT_ONCE`, each with its score: title before categories and variants
 * before description, and an exact title first. Without a phrase all scores are 0.
 */
export async function newestMatches(db: Db, filters: Search, block: Block): Promise<Match[]> {
  const { rows } = await db.query<[string, number, string, string, number]>(matchStatement(filters, block));
  return rows.map(([id, score, categories, currency, amount]) => ({
    id,
    score,
    categories: categories === '' ? [] : categories.split(' '),
    price: { amount, currency },
  }));
}

export function matchStatement(filters: Search, { tier, before }: Block): Statement {
  const { values, add } = createValues();
  const { phrase, query, ...others } = filters;
  const where = listConditions(others, add);
  let score = '0::float4';
  if (phrase !== undefined) {
    const searched = add(query, 'tsquery');
    where.push(tier === 'names' ? `names @@ ${searched}` : `search @@ ${searched} and not names @@ ${searched}`);
    score = `ts_rank('{0.1, 0.2, 0.5, 1.0}', search, ${searched})
      + case when title_key = ${add(titleKey(phrase.trim()), 'text')} then 1 else 0 end`;
  }
  if (before !== null) where.push(`id < ${add(before, 'uuid')}`);
  const text = `select id, (${score})::float8, array_to_string(categories, ' '), currency, min_amount
    from product where ${where.join(' and ')} order by id desc limit ${RANKED_AT_ONCE}`;
  return { text, values, rowMode: 'array' };
}
