import type { Statement } from '@tradepost/postgres/db';
import type { Pool } from '@tradepost/postgres/pool';
import type { Context } from '../src/actions/context.ts';
import { readListingPage } from '../src/actions/listing-page.ts';
import type { Filters, Sort } from '../src/domain/listing.ts';
import { contextOf } from './actions-context.ts';

/** What one page cost PostgreSQL: buffers of all its statements, and the tables that were read whole. */
export type Cost = { statements: number; buffers: number; items: number; scans: string[]; next: boolean };

type Case = [name: string, filters: Partial<Filters>, sort: Sort];

const price = { minPrice: 500, maxPrice: 520 };
/** The id of a seller of the made-up catalogue. */
const sellerId = '018bcfe5-6be8-7c4c-8a42-38a0b923820d';

/** Each kind of list and search on the catalogue of `big-catalogue.ts`, in which nothing blue is in stock. */
export const costs: Case[] = [
  ['newest', {}, 'newest'],
  ['in stock', { inStock: true }, 'newest'],
  ['sold out', { inStock: false }, 'newest'],
  ['category', { category: 'c-7' }, 'newest'],
  ['category of everything', { category: 'home' }, 'newest'],
  ['category that is sold out', { category: 'c-10', inStock: true }, 'newest'],
  ['category that is sold out, by price', { category: 'c-10', inStock: true }, 'price'],
  ['seller', { sellerId }, 'newest'],
  ['seller by price', { sellerId }, 'price'],
  ['seller and category', { sellerId, category: 'home' }, 'newest'],
  ['prices, newest', price, 'newest'],
  ['prices by price', price, '-price'],
  ['not featured', { featured: false }, 'newest'],
  ['featured: none', { featured: true }, 'title'],
  ['price', {}, 'price'],
  ['title', {}, 'title'],
  ['archived: none', { status: 'archived' }, 'newest'],
  ['archived of a seller, with a word', { status: 'archived', sellerId, phrase: 'blue' }, 'relevance'],
  ['common word', { phrase: 'blue' }, 'relevance'],
  ['word of every description', { phrase: 'hand' }, 'relevance'],
  ['word of every product', { phrase: 'home' }, 'relevance'],
  ['rare word', { phrase: 'c4ca4238' }, 'relevance'],
  ['two common words', { phrase: 'blue mug' }, 'relevance'],
  ['two common words that never meet', { phrase: 'blue red' }, 'relevance'],
  ['common word and one of every description', { phrase: 'blue hand' }, 'relevance'],
  ['word and a filter that excludes it', { phrase: 'blue', inStock: true }, 'relevance'],
  ['word and a category without it', { phrase: 'blue', category: 'c-1' }, 'relevance'],
  ['word and a price', { phrase: 'blue', maxPrice: 600 }, 'relevance'],
  ['word by price', { phrase: 'blue' }, 'price'],
  ['word by title', { phrase: 'blue' }, 'title'],
  ['word, filter that excludes it, by price', { phrase: 'blue', inStock: true }, 'price'],
  ['two words that never meet, newest', { phrase: 'blue red' }, 'newest'],
  ['two words that never meet, by price', { phrase: 'blue red' }, 'price'],
  ['word of every description by price', { phrase: 'hand' }, '-price'],
  ['unfinished word', { phrase: 'bla' }, 'relevance'],
  ['unfinished word of many', { phrase: 'bl' }, 'relevance'],
  ['unfinished word of everything', { phrase: 'sk' }, 'relevance'],
  ['word and an unfinished one of everything', { phrase: 'blue ho' }, 'relevance'],
  ['unfinished word by price', { phrase: 'sk' }, 'price'],
  ['Japanese', { phrase: '青い茶碗' }, 'relevance'],
  ['word with synonyms', { phrase: 'rug' }, 'relevance'],
  ['two words with synonyms', { phrase: 'mug rug' }, 'relevance'],
  ['word with synonyms by price', { phrase: 'rug' }, 'price'],
  ['nothing', { phrase: 'xqzwvk' }, 'relevance'],
  ['nothing by price', { phrase: 'xqzwvk' }, 'price'],
  ['eight words', { phrase: 'blue mug hand workshop care made home 1' }, 'relevance'],
];

type Plan = {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Plan[];
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
};

const nothing = (): Cost => ({ statements: 0, buffers: 0, items: 0, scans: [], next: false });

/** A pool that adds up what its statements cost, and the cost so far; `reset` begins anew. */
function watch(pool: Pool) {
  let cost = nothing();
  const explained = async (statement: Statement) => {
    const { rows } = await pool.query<{ 'QUERY PLAN': { Plan: Plan }[] }>({
      text: `explain (analyze, buffers, timing off, format json) ${statement.text}`,
      values: statement.values ?? [],
    });
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
    if (!plan) throw new Error('no plan');
    cost.statements += 1;
    cost.buffers += plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
    cost.scans.push(...scansOf(plan));
  };
  const watched = {
    ...pool,
    query: async <Row>(statement: Statement) => {
      await explained(statement);
      return pool.query<Row>(statement);
    },
  };
  const reset = () => {
    cost = nothing();
    return cost;
  };
  return { watched, reset };
}

/** Reads the first page of a list and then `more` further ones; returns what the dearest cost. */
export async function measured(
  { pool }: { pool: Pool },
  filters: Partial<Filters>,
  sort: Sort,
  more = 2,
): Promise<Cost> {
  const ctx = contextOf(pool, 1);
  await ctx.searchIndex.current();
  if (filters.phrase !== undefined) await ctx.searchQuery(filters.phrase);
  const { watched, reset } = watch(pool);
  let dearest = nothing();
  let after: Parameters<typeof readListingPage>[2]['after'];
  for (let page = 0; page <= more; page++) {
    const cost = reset();
    const listing = { filters: { status: 'active' as const, ...filters }, sort };
    const found = await readListingPage({ ...ctx, pool: watched }, listing, { after, limit: 24, facets: page === 0 });
    cost.items = found.items.length;
    cost.next = found.next !== undefined;
    if (cost.buffers >= dearest.buffers) dearest = cost;
    if (!found.next) break;
    after = { ...found.next, instead: null };
  }
  return dearest;
}

/** What an action costs where nobody has searched for its phrase before: its compilation is included. */
export async function costOf({ pool }: { pool: Pool }, act: (ctx: Context) => Promise<unknown>): Promise<Cost> {
  const { watched, reset } = watch(pool);
  const ctx = contextOf(watched, 1);
  await ctx.searchIndex.current();
  const cost = reset();
  await act(ctx);
  return cost;
}

/** Those that grow with the catalogue; a table of few rows is not worth an index. */
const LARGE = ['product', 'category', 'search_word'];

/** Large tables that a plan reads whole. */
function scansOf(plan: Plan): string[] {
  const table = plan['Relation Name'] ?? '';
  const own = plan['Node Type'] === 'Seq Scan' && LARGE.includes(table) ? [table] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scansOf)];
}
