import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byRank, facetsOf, hasWords, type Match, restOfBucket } from './listing.ts';

const match = (id: string, score: number, categories: string[] = [], amount = 1, currency = 'EUR'): Match => ({
  ...{ id, isNamed: score > 0.2, score, categories },
  price: { amount, currency },
});

describe('a bucket', () => {
  it('is left off and gone on with anywhere, without a gap or a repetition', () => {
    const matches = fc.uniqueArray(fc.tuple(fc.uuid(), fc.constantFrom(0, 0.1, 0.5)), {
      selector: ([id]) => id,
      maxLength: 30,
    });
    fc.assert(
      fc.property(matches, fc.nat(), (pairs, cut) => {
        const all = pairs.map(([id, score]) => match(id, score));
        const ranked = all.toSorted(byRank);
        const last = ranked[cut % Math.max(1, ranked.length)];
        if (!last) return;
        const rest = restOfBucket(all, last);
        expect(rest).toEqual(ranked.slice(ranked.indexOf(last) + 1));
      }),
    );
  });
});

it('facets are counted, the most frequent first, and prices by currency', () => {
  const matches = [match('1', 0, ['a', 'b'], 5), match('2', 0, ['b'], 9), match('3', 0, [], 7, 'USD')];
  expect(facetsOf(matches, true)).toEqual({
    complete: true,
    categories: [
      { slug: 'b', count: 2 },
      { slug: 'a', count: 1 },
    ],
    prices: [
      { currency: 'EUR', min: 5, max: 9 },
      { currency: 'USD', min: 7, max: 7 },
    ],
  });
});

it('a phrase without letters and digits has no words', () => {
  expect(hasWords('кружка')).toBe(true);
  expect(hasWords('%&! 🎁')).toBe(false);
});
