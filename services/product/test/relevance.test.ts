import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillSearchTerms } from '../src/actions/fill-search-terms.ts';
import { listProducts } from '../src/actions/list-products.ts';
import { productService } from '../src/service.ts';
import { contextOf } from './actions-context.ts';
import { evaluate, type Result, scoresBy, sellJudgedGoods } from './relevance/evaluation.ts';

let database: TestDatabase;
let results: Result[];
beforeAll(async () => {
  database = await testDatabase(productService.migrations);
  const ctx = contextOf(database.pool, 1);
  results = await evaluate(ctx, await sellJudgedGoods(ctx, database.pool));
});
afterAll(() => database.drop());

/** Lower bounds of NDCG@10, a little below what `node bench/relevance.ts` prints: docs/search.md. */
const bounds = { en: 0.95, de: 0.95, fr: 0.93, es: 0.96, other: 0.98, all: 0.95 };

it('judged queries are answered as well as before, in each language', () => {
  expect(results.length).toBeGreaterThanOrEqual(150);
  for (const { group, ndcg } of scoresBy(results, ({ language }) => language)) {
    // as: the groups are the languages, and `all`.
    expect(ndcg, group).toBeGreaterThan(bounds[group as keyof typeof bounds]);
  }
});

it('products that were there before are found by the languages that the shop has now', async () => {
  const { pool } = database;
  const titles = async (phrase: string) => {
    const ctx = contextOf(pool, 1);
    const listing = { filters: { status: 'active', phrase }, sort: 'relevance' } as const;
    const { items, instead } = await listProducts(ctx, undefined, listing, {
      after: undefined,
      limit: 5,
      facets: false,
    });
    return instead ? [] : items.map((item) => JSON.parse(item).title);
  };
  const useLanguages = async (...languages: string[]) => {
    for (let filled = 1; filled > 0; ) filled = await fillSearchTerms(pool, languages);
  };
  expect(await titles('Mützen gestrickt')).toEqual(['Gestrickte Mütze']);
  await useLanguages('english');
  expect(await titles('Mützen gestrickt')).toEqual([]);
  expect(await titles('kettles')).toContain('Steel Whistling Kettle');
  await useLanguages('english', 'german');
  expect(await titles('Mützen gestrickt')).toEqual(['Gestrickte Mütze']);
  // Stop words of German, in any spelling.
  expect(await titles('Sessel für das Lesen')).toEqual(['Ohrensessel']);
});
