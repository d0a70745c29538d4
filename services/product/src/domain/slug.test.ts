import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isId, slugCandidates, slugOf } from './slug.ts';

describe('slugOf', () => {
  it.each([
    ['Blue mug', 'blue-mug'],
    ['  Crème   brûlée — dish! ', 'creme-brulee-dish'],
    ['Straße & Smørrebrød', 'strasse-smorrebrod'],
    ['Łódź', 'lodz'],
    ["Baker's dozen", 'bakers-dozen'],
    ['100% wool (2 m)', '100-wool-2-m'],
    ['Синяя кружка', 'синяя-кружка'],
    ['青い マグカップ', '青い-マグカップ'],
    ['नीला मग', 'नीला-मग'],
    ['🎁🎁🎁', 'product'],
    ['', 'product'],
    ['01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11', 'p-01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11'],
    ['Suggestions!', 'p-suggestions'],
    ['IMPORTS', 'p-imports'],
  ])('makes %j into %j', (title, slug) => {
    expect(slugOf(title)).toBe(slug);
  });

  it('keeps whole words of a long title', () => {
    expect(slugOf('word '.repeat(40))).toBe(Array(16).fill('word').join('-'));
    expect(slugOf('x'.repeat(200))).toBe('x'.repeat(80));
  });

  it('makes a path segment of any title, which means itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (title) => {
        const slug = slugOf(title);
        expect(slug).toMatch(/^[\p{L}\p{M}\p{N}]+(-[\p{L}\p{M}\p{N}]+)*$/u);
        expect(encodeURIComponent(slug).length).toBeLessThanOrEqual(200);
        expect(isId(slug)).toBe(false);
        expect(decodeURIComponent(encodeURIComponent(slug))).toBe(slug);
      }),
    );
  });
});

describe('slugCandidates', () => {
  it('ends with one that is as unique as the id', () => {
    expect(slugCandidates('Blue mug', '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11')).toEqual([
      'blue-mug',
      'blue-mug-0a9d11',
      'blue-mug-3f4f1c0a9d11',
    ]);
  });
});
