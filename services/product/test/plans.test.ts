import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Filters } from '../src/domain/listing.ts';
import { productService } from '../src/service.ts';
import type { Search } from '../src/store/list-conditions.ts';
import { listedByIds } from '../src/store/listed-products.ts';
import { compileQuery, matchStatement } from '../src/store/product-matches.ts';
import { sortedStatement } from '../src/store/sorted-products.ts';
import { fillCatalogue } from './big-catalogue.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(productService.migrations);
  // Enough for any plan that reads a whole table to lose; the plans are the same at a million.
  await fillCatalogue(database.pool, 20_000);
});
afterAll(() => database.drop());

async function planOf(statement: { text: string; values?: readonly unknown[] }): Promise<string> {
  const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>({
    text: `explain ${statement.text}`,
    values: statement.values ?? [],
  });
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const compiled = async (filters: Filters): Promise<Search> =>
  filters.phrase === undefined ? filters : { ...filters, query: await compileQuery(database.pool, filters.phrase) };

const active = (more: Partial<Filters> = {}): Filters => ({ status: 'active', ...more });
const id = '018bcfe5-6800-7c4c-8a23-8a0b923820dc';

describe('every list finds its page by an index', () => {
  it.each([
    ['newest', active(), null],
    ['newest', active({ inStock: true }), null],
    ['newest', active({ inStock: false }), null],
    ['newest', active({ category: 'c-7' }), null],
    ['newest', active({ category: 'home' }), null],
    ['newest', active({ sellerId: id }), null],
    ['newest', active({ minPrice: 500, maxPrice: 520 }), null],
    ['newest', { status: 'archived' } as const, null],
    ['price', active(), '1999'],
    ['price', active({ category: 'c-7', inStock: true }), '1999'],
    ['price', active({ phrase: 'blue' }), '1999'],
    ['-price', active({ maxPrice: 5000 }), '1999'],
    ['title', active(), 'mug'],
  ] as const)('%s, %o', async (sort, filters, key) => {
    for (const after of [undefined, { key, id }]) {
      expect(await planOf(sortedStatement({ filters: await compiled(filters), sort, after, limit: 25 }))).not.toContain(
        'Seq Scan',
      );
    }
  });

  it.each([
    ['a frequent word', { phrase: 'blue' }],
    ['a rare word', { phrase: 'c4ca4238' }],
    ['several words', { phrase: 'blue mug' }],
    ['an unfinished word', { phrase: 'bla' }],
    ['a word and a category', { phrase: 'lamp', category: 'c-7' }],
    ['a word and a price', { phrase: 'blue', maxPrice: 600 }],
    ['no word', {}],
  ])('by relevance, %s', async (_, filters) => {
    const search = await compiled(active(filters));
    for (const tier of ['names', 'description'] as const) {
      for (const before of [null, id]) {
        expect(await planOf(matchStatement(search, { tier, before }))).not.toContain('Seq Scan');
      }
    }
  });

  it('and looks its products up by theirs', async () => {
    const seen: string[] = [];
    const db = {
      query: async <Row>(statement: { text: string; values?: readonly unknown[] }) => {
        seen.push(await planOf(statement));
        return database.pool.query<Row>({ ...statement, rowMode: 'array' });
      },
    };
    expect(await listedByIds(db, [id])).toEqual([]);
    expect(seen.join()).toContain('product_pkey');
    expect(seen.join()).not.toContain('Seq Scan');
  });
});
