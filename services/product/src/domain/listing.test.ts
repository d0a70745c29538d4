import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byRank, hasWords, type Match, restOfBucket } from './listing.ts';

const match = (id: string, score: number): Match => ({
  ...{ id, isNamed: score > 0.2, score, categories: [], inStock: true },
  price: { amount: 1, currency: 'EUR' },
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

it('a phrase without letters and digits has no words', () => {
  expect(hasWords('кружка')).toBe(true);
  expect(hasWords('%&! 🎁')).toBe(false);
});
