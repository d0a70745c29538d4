import { expect, it } from 'vitest';
import { facetsOf } from './facets.ts';
import type { Match } from './listing.ts';

const match = (categories: string[], amount: number, currency = 'EUR', inStock = true): Match => ({
  ...{ id: '1', isNamed: true, score: 0, categories, price: { amount, currency }, inStock },
});

it('facets are counted, the most frequent first, and prices by currency', () => {
  const matches = [match(['a', 'b'], 5), match(['b'], 9, 'EUR', false), match([], 7, 'USD')];
  expect(facetsOf(matches, true)).toEqual({
    complete: true,
    total: { count: 3, isMore: false },
    inStock: 2,
    categories: [
      { slug: 'b', count: 2 },
      { slug: 'a', count: 1 },
    ],
    prices: [
      { currency: 'EUR', min: 5, max: 9 },
      { currency: 'USD', min: 7, max: 7 },
    ],
    priceRanges: [],
  });
});

it('ranges of prices have round limits and hold each price once', () => {
  const amounts = [300, 450, 700, 999, 1_000, 1_999, 2_000, 2_600, 4_900, 5_000, 9_900, 12_000];
  const { priceRanges } = facetsOf(
    amounts.map((amount) => match([], amount)),
    true,
  );
  expect(priceRanges.map(({ min, max, count }) => [min, max, count])).toEqual([
    [0, 499, 2],
    [500, 999, 2],
    [1_000, 1_999, 2],
    [2_000, 4_999, 3],
    [5_000, 12_000, 3],
  ]);
  expect(priceRanges.reduce((sum, { count }) => sum + count, 0)).toBe(amounts.length);
});

it('a total is estimated from a part of the catalogue, and says no more than 1,000', () => {
  const matches = Array.from({ length: 30 }, () => match([], 5));
  expect(facetsOf(matches, false, 16).total).toEqual({ count: 480, isMore: true });
  expect(facetsOf(matches, false, 256).total).toEqual({ count: 1_000, isMore: true });
});
