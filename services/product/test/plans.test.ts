import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listProducts } from '../src/actions/list-products.ts';
import { readSuggestions } from '../src/actions/suggestions.ts';
import type { Filters, Sort } from '../src/domain/listing.ts';
import { productService } from '../src/service.ts';
import { listedByIds } from '../src/store/listed-products.ts';
import { fillProducts, fillWords } from './big-catalogue.ts';
import { type Cost, costOf, costs, measured } from './statement-costs.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(productService.migrations);
  // Enough for words that are too frequent to be looked for in the whole index, and for any plan that reads a whole table to lose.
  await fillProducts(database.pool, 55_000);
});
afterAll(() => database.drop());

/** What a page may cost, here and with a million products: ADR 69. */
const MAX_BUFFERS = 3_000;

describe('every list and search costs the same however many products there are', () => {
  it.each(costs)('%s', async (_, filters: Partial<Filters>, sort: Sort) => {
    const cost = await pagesCost(filters, sort);
    expect(cost).toMatchObject({ scans: [] });
    expect(cost.buffers).toBeLessThan(MAX_BUFFERS);
  });

  const pagesCost = (filters: Partial<Filters>, sort: Sort): Promise<Cost> => measured(database, filters, sort);
});

describe('other words and suggestions cost no more', () => {
  beforeAll(() => fillWords(database.pool));

  it.each([
    ['a mistake', 'bleu'],
    ['mistakes in two words', 'bleu mgu'],
    ['a mistake in a word of which many are like it', 'a1b2x'],
    ['eight words with mistakes', 'bleu mgu hnad wokrshop caer mdae hmoe lihgt'],
    ['eight words, one of which no product has', 'blue mug hand workshop care made home xqzwvk'],
    ['words that nothing is like', 'xqzwvk vkwzqx qqjjxx'],
    ['two common words that never meet', 'blue red'],
    ['an unfinished word', 'bl'],
    ['an unfinished word of everything', 'ho'],
    ['a word with which many categories begin', 'c'],
  ])('%s', async (_, phrase) => {
    const listing = { filters: { status: 'active', phrase }, sort: 'relevance' } as const;
    const page = { after: undefined, limit: 24, facets: true };
    const search = await costOf(database, (ctx) => listProducts(ctx, undefined, listing, page));
    const suggestions = await costOf(database, (ctx) => readSuggestions(ctx, phrase, 6));
    for (const cost of [search, suggestions]) {
      expect(cost).toMatchObject({ scans: [] });
      expect(cost.buffers).toBeLessThan(MAX_BUFFERS);
    }
  });
});

it('products are looked up by their ids', async () => {
  const seen: string[] = [];
  const db = {
    query: async <Row>(statement: { text: string; values?: readonly unknown[] }) => {
      const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>({
        text: `explain ${statement.text}`,
        values: statement.values ?? [],
      });
      seen.push(...rows.map((row) => row['QUERY PLAN']));
      return database.pool.query<Row>({ ...statement, rowMode: 'array' });
    },
  };
  expect(await listedByIds(db, ['018bcfe5-6800-7c4c-8a23-8a0b923820dc'])).toEqual([]);
  expect(seen.join()).toContain('product_pkey');
  expect(seen.join()).not.toContain('Seq Scan');
});
