import type { Db, Statement } from '@tradepost/postgres/db';
import type { Sort, SortPosition } from '../domain/listing.ts';
import { type Requirement, tsquery } from '../domain/search-query.ts';
import { createValues, listConditions } from './list-conditions.ts';
import { availableUnits } from './listed-products.ts';
import { type ListFilters, outerFilters } from './ranked-matches.ts';
import { type PositionedItem, sortOrder } from './sorted-products.ts';

export type SortedMatchesQuery = {
  filters: ListFilters;
  /** What the index is asked for: words, and the filters that it knows. */
  condition: readonly Requirement[];
  sort: Exclude<Sort, 'relevance'>;
  after: SortPosition | undefined;
  limit: number;
};

/** The first matches after a place, sorted, and how many the index had in all; `most` and more are not sorted right. */
export async function sortedMatches(
  db: Db,
  query: SortedMatchesQuery,
  most: number,
): Promise<{ places: SortPosition[]; looked: number }> {
  const { rows } = await db.query<[string | null, string | null]>(sortedMatchesStatement(query, most));
  const places = rows.flatMap(([id, key]) => (id === null ? [] : [{ id, key }]));
  const looked = Number(rows.find(([id]) => id === null)?.[1] ?? 0);
  return { places, looked };
}

export function sortedMatchesStatement(query: SortedMatchesQuery, most: number): Statement {
  const { filters, condition, sort, after, limit } = query;
  return {
    name: 'product.sorted-matches',
    text: `select id, key from sorted_matches($1::tsquery, $2, $3, $4::uuid, $5, $6, $7::uuid[], $8, $9, $10)`,
    values: [tsquery(condition), sort, after?.key ?? null, after?.id ?? null, ...outerFilters(filters), most, limit],
    rowMode: 'array',
  };
}

/** Up to `limit` matches among the next `most` products of a sorted list. */
export async function walkSorted(db: Db, query: SortedMatchesQuery, most: number): Promise<PositionedItem[]> {
  const { rows } = await db.query<[string, string | null, string, string]>(walkStatement(query, most));
  return rows.map(([id, key, summary, available]) => ({ place: { key, id }, summary, available }));
}

/** The place of the last of the next `most` products; undefined where there are fewer. */
export async function endOfWalk(db: Db, query: SortedMatchesQuery, most: number): Promise<SortPosition | undefined> {
  const { rows } = await db.query<[string, string | null]>(endStatement(query, most));
  const [row] = rows;
  return row && { id: row[0], key: row[1] };
}

export function walkStatement(query: SortedMatchesQuery, most: number): Statement {
  const { values, add } = createValues();
  const { key, by } = sortOrder(query.sort);
  const { phrase, status, ...others } = query.filters;
  const where = listConditions({ status, ...others }, add);
  if (query.condition.length > 0) where.push(`terms @@ ${add(tsquery(query.condition), 'tsquery')}`);
  const text = `select p.id, ${key}::text as key, p.summary, ${availableUnits}
    from (select id, seller_id, status, terms, categories, featured, in_stock, currency, min_amount, title_key, summary
      from product where ${walkedRows(query, add)} limit ${add(most, 'int')}) as p
    where ${where.join(' and ')} order by ${by} limit ${add(query.limit, 'int')}`;
  return { text, values, rowMode: 'array' };
}

function endStatement(query: SortedMatchesQuery, most: number): Statement {
  const { values, add } = createValues();
  const { key } = sortOrder(query.sort);
  const text = `select id, ${key}::text as key from product where ${walkedRows(query, add)} offset ${add(most - 1, 'int')} limit 1`;
  return { text, values, rowMode: 'array' };
}

/** The rows of an index in its order, from a place on: of one seller where the list is, and of the prices where it is sorted by them. */
function walkedRows(
  { filters, sort, after }: SortedMatchesQuery,
  add: (value: unknown, type: string) => string,
): string {
  const { status, sellerId, minPrice, maxPrice } = filters;
  const { by, type, after: from } = sortOrder(sort);
  const isOfSeller = sort === 'newest' && sellerId !== undefined;
  // Of a seller, archived products are among the others: they are left out afterwards.
  const where = isOfSeller ? [] : [status === 'active' ? `status = 'active'` : `status = 'archived'`];
  if (after) where.push(from(sort === 'newest' ? '' : add(after.key, type), add(after.id, 'uuid')));
  const isByPrice = sort === 'price' || sort === '-price';
  if (isByPrice && minPrice !== undefined) where.push(`min_amount >= ${add(minPrice, 'bigint')}`);
  if (isByPrice && maxPrice !== undefined) where.push(`min_amount <= ${add(maxPrice, 'bigint')}`);
  if (!isOfSeller) return `${where.join(' and ')} order by ${by}`;
  // Compared as a pair, so that no other index has this order.
  const seller = add(sellerId, 'uuid');
  where.push(`(seller_id, id) >= (${seller}, '00000000-0000-0000-0000-000000000000')`);
  where.push(`(seller_id, id) <= (${seller}, 'ffffffff-ffff-ffff-ffff-ffffffffffff')`);
  return `${where.join(' and ')} order by seller_id desc, id desc`;
}
