import { expect, it } from 'vitest';
import type { Suggestions } from '../../api/catalogue.ts';
import { suggestionGroups } from './suggestions.ts';

const suggestions: Suggestions = { categories: [{ slug: 'kitchen', products: 3 }], products: [] };
// as: the labels do not depend on the product.
const product = { slug: 'mug', title: 'Mug' } as Suggestions['products'][number];
const labels = (over: Partial<Suggestions>) =>
  suggestionGroups({ ...suggestions, products: [product], ...over }).map(({ label }) => label);

it('has a group for each kind that is there, and names the words that were left out', () => {
  expect(suggestionGroups(suggestions).map(({ label }) => label)).toEqual(['Categories']);
  expect(labels({ correctedQuery: 'kettle', leftOut: ['xqz'] })).toEqual([
    'Did you mean',
    'Categories',
    'Products without “xqz”',
  ]);
});

it('does not name a letter of a word that is still being typed', () => {
  expect(labels({ leftOut: ['m'] })).toEqual(['Categories', 'Products']);
});
