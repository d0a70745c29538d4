import { describe, expect, it } from 'vitest';
import { planRanked } from './ranked-plan.ts';
import { bucketLevel, completePrefixes, estimate, MAX_ENTRIES } from './search-estimate.ts';
import { filterRequirements, searchQueryOf, tsquery, type Word } from './search-query.ts';

const word = (text: string, stems = [text]): Word => ({ word: text, parts: [text], stems });
const million = {
  products: 1_000_000,
  frequencies: new Map([
    ['blue', 0.05],
    ['black', 0.04],
    ['mug', 0.08],
    ['i=0', 0.1],
    ['~hand', 1],
  ]),
};

describe('a phrase', () => {
  it('is looked for by its stems, the last word as unfinished, and without words that carry no meaning', () => {
    const { names, all, words } = searchQueryOf([word('kettles', ['kettl']), word('for', []), word('tea')]);
    expect(words).toEqual(['kettles', 'tea']);
    expect(tsquery(names)).toBe(`('kettl') & ('tea':* | 'tea')`);
    expect(tsquery(all)).toBe(`('kettl' | '~kettl') & ('tea':* | 'tea' | '~tea':* | '~tea')`);
    expect(tsquery(searchQueryOf([word('for', [])]).names)).toBe(`('for':*)`);
  });

  it('has runs of letters without spaces, whose last letter may go on in a title', () => {
    const runs = ['抹茶', '茶', 'mug', '茶碗', '碗セ', 'セ'].map((text) => word(text));
    const { words, dispensable, all } = searchQueryOf(runs);
    expect(words).toEqual(['抹茶', 'mug', '茶碗セ']);
    expect(dispensable).toEqual(words);
    expect(tsquery(all.slice(0, 1))).toBe(`('抹茶' | '~抹茶')`);
    expect(tsquery(all.slice(2))).toMatch(/^\(\('茶碗' & '碗セ' & 'セ':\*\) \| .*\('~茶碗' & '~碗セ' & '~セ':\*\)/);
  });

  it('cannot write a query of its own', () => {
    expect(tsquery(searchQueryOf([word("a' | 'b\\", [`a' | 'b\\`]), word('c')]).names)).toBe(
      `('a'' | ''b\\\\') & ('c')`,
    );
  });
});

describe('a search by relevance', () => {
  const planOf = (phrase: string, inStock?: boolean) =>
    planRanked(
      million,
      searchQueryOf([...phrase.split(' '), 'of'].map((text) => word(text, text === 'of' ? [] : [text]))),
      filterRequirements({ status: 'active', ...(inStock !== undefined && { inStock }) }),
    );

  it('looks at the whole catalogue for what is rare, and at a part of it for what is frequent', () => {
    expect(planOf('tureen').first()).toEqual({ tier: 'all', level: 0, bucket: 0, last: null });
    expect(planOf('blue').first()).toEqual({ tier: 'names', level: 2, bucket: 0, last: null });
    expect(planOf('hand').first()).toEqual({ tier: 'names', level: 0, bucket: 0, last: null });
    expect(planOf('hand').next(planOf('hand').first())).toEqual({
      tier: 'description',
      level: 3,
      bucket: 0,
      last: null,
    });
    expect(tsquery(planOf('blue', false).condition({ tier: 'names', level: 2, bucket: 10, last: null }))).toBe(
      `('blue') & ('i=0') & ('r=0a')`,
    );
  });

  it('chooses anew at the beginning alone', () => {
    const at = (level: number, bucket = 0) => ({ tier: 'names' as const, level, bucket, last: null });
    expect(planOf('blue').replan(at(1), 1_000)).toEqual(at(2));
    expect(planOf('blue').replan(at(3), 1_000)).toBeUndefined();
    expect(planOf('black').replan(at(2), 5)).toEqual({ tier: 'all', level: 0, bucket: 0, last: null });
    expect(planOf('mug').replan(at(2), 5)).toBeUndefined();
    expect(planOf('blue').replan(at(2, 1), 5)).toBeUndefined();
  });

  it('never lets the index look at more than it may', () => {
    for (const lexeme of ['blue', 'mug', 'hand', 'tureen']) {
      const { all } = searchQueryOf([word(lexeme), word('of', [])]);
      const expected = estimate(million, all);
      const part = Math.min(expected.rarest, 16 ** -bucketLevel(million, expected));
      expect(million.products * part).toBeLessThanOrEqual(MAX_ENTRIES);
    }
  });

  it('takes the most frequent words for a beginning that too many have', () => {
    const { names } = searchQueryOf([word('bl')]);
    expect(tsquery(completePrefixes(million, names))).toBe(`('blue' | 'black' | 'bl')`);
    expect(tsquery(completePrefixes(million, searchQueryOf([word('tu')]).names))).toBe(`('tu':* | 'tu')`);
  });
});
