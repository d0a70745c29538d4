import { expect, test } from 'vitest';
import { draftOf, variantField } from './draft.ts';
import { changeOf, FieldProblem } from './product-body.ts';
import type { Product } from './queries.ts';

const attributes = { colour: 'blue', made_of: 'wool, cotton: half each' };
const field = variantField('MUG', 'attributes');

// as: what a draft is made of.
const product = {
  title: 'Mug',
  description: '',
  categories: [],
  media: [],
  variants: [{ sku: 'MUG', title: '', price: { amount: 100, currency: 'EUR' }, status: 'active', attributes }],
} as unknown as Product;

test('attributes with commas and colons in them come out as they went in', () => {
  const text = draftOf(product)[field] ?? '';
  expect(text).toBe('colour: blue\nmade_of: wool, cotton: half each');
  expect(changeOf({ [field]: `${text}\n\n size :M ` }, 'EUR').variants).toEqual([
    { sku: 'MUG', attributes: { ...attributes, size: 'M' } },
  ]);
});

test.each(['blue', 'colour:', ': blue', 'the colour: blue', 'colour: blue\ncolour: red'])(
  'attributes written as %j are refused at their field, and not guessed at',
  (text) => {
    const refused = expect(() => changeOf({ [field]: text }, 'EUR'));
    refused.toThrow(FieldProblem);
    refused.toThrow(/colour/);
  },
);
