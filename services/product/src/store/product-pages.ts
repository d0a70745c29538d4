import { type Db, type Statement, sql } from '@tradepost/postgres/db';
import { type Block, type Filters, type Match, type Place, RANKED_AT_ONCE, type Sort } from '../domain/listing.ts';
import { titleKey } from '../domain/product.ts';
import { availableUnits } from './products.ts';

/** A product of a list, in the stored form of `domain/summary.ts`. */
export type Listed = { summary: string; available: string };

/** The same filters, with what `compileQuery` made of their phrase. */
export type Search = Filters & {
  query?: string /** Sellers whose products are left out. */;
  hiddenSellers?: readonly string[];
};

const compile = sql('product.compile-query', 'select catalogue_query($1)::text as query');

/** A phrase as a `tsquery`, in PostgreSQL's own writing. */
export async function compileQuery(db: Db, phrase: string): Promise<string> {
  const { rows } = await db.query<{ query: string }>(compile([phrase]));
  const [row] = rows;
  if (!row) throw new Error('A phrase was not compiled');
  return row.query;
}

/** The same, with where it stands in a sorted list. */
export type Placed = Listed & { place: Place };

export type SortedQuery = {
  filters: Search;
  sort: Exclude<Sort, 'relevance'>;
  after: Place | undefined;
  limit: number;
};

/**
 * Up to `limit` products in the order of an index, by keyset: it costs the same however far down the list they are, and
 * however many products there are.
 */
export async function sortedProducts(db: Db, query: SortedQuery): Promise<Placed[]> {
  const { rows } = await db.query<[string, string | null, string, string]>(sortedStatement(query));
  return rows.map(([id, key, summary, available]) => ({ place: { key, id }, summary, available }));
}

type Order = { key: string; type: string; by: string; after(key: string, id: string): string };

const orders: Record<SortedQuery['sort'], Order> = {
  newest: { key: 'null', type: 'text', by: 'id desc', after: (_key, id) => `id < ${id}` },
  price: {
    key: 'min_amount',
    type: 'bigint',
    by: 'min_amount, id',
    after: (key, id) => `(min_amount, id) > (${key}, ${id})`,
  },
  '-price': {
    key: 'min_amount',
    type: 'bigint',
    by: 'min_amount desc, id desc',
    after: (key, id) => `(min_amount, id) < (${key}, ${id})`,
  },
  title: {
    key: 'title_key',
    type: 'text',
    by: 'title_key, id',
    after: (key, id) => `(title_key, id) > (${key}, ${id})`,
  },
};

/**
 * Of a page of 24, and one more to know whether there is another. As a parameter it would be unknown to a plan that is kept, which
 * then looks dearer than it is: PostgreSQL would plan each list anew, a third of what it costs.
 */
const USUAL_LIMIT = 25;

export function sortedStatement(query: SortedQuery): Statement {
  const { filters, after, limit } = query;
  const { key, type, by, after: from } = orders[query.sort];
  const { values, add } = createValues();
  const where = conditions(filters, add);
  // The key of a list by id is not asked for, and a parameter that nothing uses has no type.
  if (after) where.push(from(query.sort === 'newest' ? '' : add(after.key, type), add(after.id, 'uuid')));
  const text = `select p.id, p.key, p.summary, ${availableUnits}
    from (select id, ${key}::text as key, summary from product where ${where.join(' and ')}
      order by ${by} limit ${limit === USUAL_LIMIT ? limit : add(limit, 'int')}) as p`;
  const name = planName(query);
  return { ...(name !== undefined && { name }), text, values, rowMode: 'array' };
}

/**
 * Plans are kept for the plain lists only. With more conditions the best plan depends on how many products match, and
 * making one anew costs less than a wrong one.
 */
function planName({ filters, sort, after, limit }: SortedQuery): string | undefined {
  const { status, inStock, ...others } = filters;
  if (inStock === false || Object.values(others).some((value) => value !== undefined)) return undefined;
  return `product.sorted.${status}.${sort}${inStock ? '.in-stock' : ''}${after ? '.after' : ''}${limit === USUAL_LIMIT ? '.usual' : ''}`;
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
  const where = conditions(others, add);
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

const byIds = sql(
  'product.listed-by-ids',
  `select p.id, p.summary, ${availableUnits} from product p where p.id = any($1::uuid[])`,
);

/** The products with these ids, in their order; one that has gone meanwhile is left out. */
export async function listedByIds(db: Db, ids: readonly string[]): Promise<Listed[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.query<[string, string, string]>({ ...byIds([ids]), rowMode: 'array' });
  const found = new Map(rows.map(([id, summary, available]) => [id, { summary, available }]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

type Add = (value: unknown, type: string) => string;

function createValues(): { values: unknown[]; add: Add } {
  const values: unknown[] = [];
  return { values, add: (value, type) => `$${values.push(value)}::${type}` };
}

function conditions(filters: Search, add: Add): string[] {
  const { query, category, featured, sellerId, minPrice, maxPrice, currency, inStock, hiddenSellers } = filters;
  const where = [filters.status === 'active' ? `status = 'active'` : `status = 'archived'`];
  if (query !== undefined) where.push(`search @@ ${add(query, 'tsquery')}`);
  if (category !== undefined) where.push(`categories @> array[${add(category, 'text')}]`);
  if (featured !== undefined) where.push(featured ? 'featured' : 'not featured');
  if (sellerId !== undefined) where.push(`seller_id = ${add(sellerId, 'uuid')}`);
  if (hiddenSellers) where.push(`seller_id <> all(${add(hiddenSellers, 'uuid[]')})`);
  if (minPrice !== undefined) where.push(`min_amount >= ${add(minPrice, 'bigint')}`);
  if (maxPrice !== undefined) where.push(`min_amount <= ${add(maxPrice, 'bigint')}`);
  if (currency !== undefined) where.push(`currency = ${add(currency, 'char(3)')}`);
  if (inStock !== undefined) where.push(inStock ? 'in_stock' : 'not in_stock');
  return where;
}
