import type { Db, Statement } from '@tradepost/postgres/db';
import { type Filters, type Place, RANKED_AT_ONCE, type Sort } from '../domain/listing.ts';
import { titleKey } from '../domain/product.ts';
import { availableUnits } from './products.ts';

export type PageQuery = { filters: Filters; sort: Sort; after: Place | undefined; limit: number; facets: boolean };

/** One product of a page, in the stored form of `domain/summary.ts`, with where it stands in the list. */
export type PageItem = { id: string; key: string | null; summary: string; available: string };

export type Facets = {
  /** False where only some of the matches were counted. */
  complete: boolean;
  categories: { slug: string; count: number }[];
  prices: { currency: string; min: number; max: number }[];
};

export type Page = { items: PageItem[]; next: Place | undefined; facets: Facets | undefined };

type ItemRow = [string | null, string | null, string, string];

/** What matched, beside the items themselves: how many were looked at, and the last of them. */
type Found = { ranked: number; last: string | null; facets: Facets | null };

/**
 * One page, by keyset: it costs the same however far down the list it is, and however many products there are. By
 * relevance, the newest 200 matches are ranked, then the 200 before those, and so on: every match comes up once.
 */
export async function productPage(db: Db, query: PageQuery): Promise<Page> {
  const { rows } = await db.query<ItemRow>(pageStatement(query));
  const found = rows.find(([id]) => id === null);
  // as: it is the JSON that `foundRow` makes.
  const meta = found ? (JSON.parse(found[2]) as Found) : undefined;
  const items = rows.flatMap(([id, key, summary, available]) => (id === null ? [] : [{ id, key, summary, available }]));
  const next = nextPlace(query, items, meta);
  return { items: items.slice(0, query.limit), next, facets: meta?.facets ?? undefined };
}

function nextPlace({ sort, after, limit }: PageQuery, items: readonly PageItem[], meta: Found | undefined) {
  const last = items[limit - 1];
  if (last && items.length > limit) return { key: last.key, id: last.id, block: after?.block ?? null };
  const isLastBlock = sort !== 'relevance' || !meta || meta.ranked < RANKED_AT_ONCE;
  return isLastBlock ? undefined : { key: null, id: null, block: meta.last };
}

/** The statement of a page; by relevance, there must be a phrase. */
export function pageStatement(query: PageQuery): Statement {
  const words = createValues();
  const where = conditions(query.filters, words);
  const text =
    query.sort === 'relevance' ? rankedPage(query, where, words) : sortedPage(query, query.sort, where, words);
  const name = planName(query);
  return { ...(name !== undefined && { name }), text, values: words.values, rowMode: 'array' };
}

/**
 * Plans are kept for the plain lists only. With more conditions the best plan depends on how many products match, and
 * making one anew costs less than a wrong one.
 */
function planName({ filters, sort, after, facets }: PageQuery): string | undefined {
  const { status, inStock, ...others } = filters;
  if (facets || inStock === false || Object.values(others).some((value) => value !== undefined)) return undefined;
  return `product.page.${status}.${sort}${inStock ? '.in-stock' : ''}${after ? '.after' : ''}`;
}

type Values = { values: unknown[]; add(value: unknown, type: string): string };

function createValues(): Values {
  const values: unknown[] = [];
  return { values, add: (value, type) => `$${values.push(value)}::${type}` };
}

function conditions(filters: Filters, { add }: Values): string[] {
  const { phrase, category, sellerId, minPrice, maxPrice, currency, inStock } = filters;
  const where = [filters.status === 'active' ? `status = 'active'` : `status = 'archived'`];
  if (phrase !== undefined) where.push(`search @@ catalogue_query(${add(phrase, 'text')})`);
  if (category !== undefined) where.push(`categories @> array[${add(category, 'text')}]`);
  if (sellerId !== undefined) where.push(`seller_id = ${add(sellerId, 'uuid')}`);
  if (minPrice !== undefined) where.push(`min_amount >= ${add(minPrice, 'bigint')}`);
  if (maxPrice !== undefined) where.push(`min_amount <= ${add(maxPrice, 'bigint')}`);
  if (currency !== undefined) where.push(`currency = ${add(currency, 'char(3)')}`);
  if (inStock !== undefined) where.push(inStock ? 'in_stock' : 'not in_stock');
  return where;
}

type Order = { key: string; type: string; by: string; after(key: string, id: string): string };

const orders: Record<Exclude<Sort, 'relevance'>, Order> = {
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

/** A list in the order of an index. */
function sortedPage(
  { after, limit, facets }: PageQuery,
  sort: keyof typeof orders,
  where: readonly string[],
  { add }: Values,
): string {
  const { key, type, by, after: from } = orders[sort];
  const place = after?.id ? [...where, from(add(after.key, type), add(after.id, 'uuid'))] : where;
  const items = `select p.id, p.key, p.summary, ${availableUnits} as available
    from (select id, ${key}::text as key, summary from product where ${place.join(' and ')}
      order by ${by} limit ${add(limit + 1, 'int')}) as p`;
  if (!facets) return items;
  return `with ranked as materialized (
      select id, categories, currency, min_amount from product where ${where.join(' and ')}
      order by id desc limit ${RANKED_AT_ONCE}
    ) (${foundRow(true)}) union all (${items})`;
}

/** The newest matches, ranked: title before categories and variants before description, and an exact title first. */
function rankedPage({ filters, after, limit, facets }: PageQuery, where: readonly string[], { add }: Values): string {
  const phrase = add(filters.phrase, 'text');
  const block = after?.block ? [`id < ${add(after.block, 'uuid')}`] : [];
  const place = after?.id ? `where (score, id) < (${add(after.key, 'float8')}, ${add(after.id, 'uuid')})` : '';
  return `with ranked as materialized (
      select id, categories, currency, min_amount,
        ts_rank('{0.1, 0.2, 0.5, 1.0}', search, catalogue_query(${phrase}))::float8
          + case when title_key = ${add(titleKey(filters.phrase ?? '').trim(), 'text')} then 1 else 0 end as score
      from product where ${[...where, ...block].join(' and ')}
      order by id desc limit ${RANKED_AT_ONCE}
    ) (${foundRow(facets)})
    union all
    (select p.id, page.score::text, p.summary, ${availableUnits}
      from (select id, score from ranked ${place} order by score desc, id desc limit ${add(limit + 1, 'int')}) as page
      join product p using (id) order by page.score desc, page.id desc)`;
}

/** One row without an id, whose third column is a `Found`. */
function foundRow(facets: boolean): string {
  const counted = `json_build_object(
    'complete', (select count(*) < ${RANKED_AT_ONCE} from ranked),
    'categories', (select coalesce(json_agg(json_build_object('slug', slug, 'count', count)), '[]') from (
      select slug, count(*) as count from ranked, unnest(categories) as slug
      group by slug order by count(*) desc, slug limit 20) as c),
    'prices', (select coalesce(json_agg(json_build_object('currency', currency, 'min', min, 'max', max)), '[]') from (
      select currency, min(min_amount) as min, max(min_amount) as max from ranked
      group by currency order by currency) as r))`;
  return `select null::uuid, null::text, json_build_object(
    'ranked', (select count(*) from ranked),
    'last', (select id from ranked order by id limit 1),
    'facets', ${facets ? counted : 'null::json'})::text, null::text`;
}
