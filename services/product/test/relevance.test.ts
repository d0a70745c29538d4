import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
const bounds = { en: 0.74, de: 0.71, fr: 0.84, es: 0.88, other: 0.93, all: 0.8 };

it('judged queries are answered as well as before, in each language', () => {
  expect(results.length).toBeGreaterThanOrEqual(150);
  for (const { group, ndcg } of scoresBy(results, ({ language }) => language)) {
    // as: the groups are the languages, and `all`.
    expect(ndcg, group).toBeGreaterThan(bounds[group as keyof typeof bounds]);
  }
});
