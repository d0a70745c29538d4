import type { Db, Statement } from '@tradepost/postgres/db';
import type { Sort, SortPosition } from '../domain/listing.ts';
import { createValues, listConditions, type Search } from './list-conditions.ts';
import { availableUnits, type ListItem } from './listed-products.ts';

/** A product of a list, with where it stands in a sorted list. */
export type PositionedItem = ListItem & { place: SortPosition };

export type SortedQuery = {
  filters: Search;
  sort: Exclude<Sort, 'relevance'>;
  after: SortPosition | undefined;
  limit: number;
};

/**
 * Up to `limit` products in the order of an index, by keyset: it costs the same however far down the list they are, and
 * however many products there are.
 */
export async function sortedProducts(db: Db, query: SortedQuery): Promise<PositionedItem[]> {
  const { rows } = await db.query<[string, string | null, string, string]>(sortedStatement(query));
  return rows.map(([id, key, summary, available]) => ({ place: { key, id }, summary, available }));
}

type Order = { key: string; type: string; by: string; after(key: string, id: string): string };

/** The order of an index, and the condition for what comes after a place. */
export const sortOrder = (sort: SortedQuery['sort']): Order => orders[sort];

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
  const where = listConditions(filters, add);
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
