import { expect, test } from 'vitest';
import { changesBetween, type Draft, draftOf, fieldLabel, variantField, withVariant } from './draft.ts';
import { changeOf, FieldProblem, newProductOf } from './product-body.ts';
import type { Product } from './queries.ts';

const attributes = { colour: 'blue', made_of: 'wool, cotton: half each' };
const field = variantField('MUG', 'attributes');

// as: what a draft is made of.
const product = {
  title: 'Mug',
  description: '',
  categories: [],
  media: [],
  taxClass: 'reduced',
  digital: false,
  variants: [
    { sku: 'MUG', title: '', price: { amount: 100, currency: 'EUR' }, status: 'active', attributes, weightGrams: 350 },
    { sku: 'CUP', title: '', price: { amount: 100, currency: 'EUR' }, status: 'active', attributes: {} },
  ],
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

const grams = variantField('MUG', 'weightGrams');
const changed = (fields: Draft) => {
  const before = draftOf(product);
  return changeOf(changesBetween(before, { ...before, ...fields }), 'EUR');
};

test('a tax class, digital goods and weights are sent when they were changed, and only then', () => {
  const draft = draftOf(product);
  expect(draft).toMatchObject({ taxClass: 'reduced', digital: 'no', [grams]: '350' });
  expect(draft[variantField('CUP', 'weightGrams')]).toBe('');
  expect(changed({})).toEqual({});
  expect(changed({ taxClass: 'zero', digital: 'yes', [grams]: ' 420 ' })).toEqual({
    ...{ taxClass: 'zero', digital: true },
    variants: [{ sku: 'MUG', weightGrams: 420 }],
  });
  expect(changed({ [grams]: '' }).variants).toEqual([{ sku: 'MUG', weightGrams: 0 }]);
  expect(changeOf({ digital: 'no' }, 'EUR')).toEqual({ digital: false });
  expect([fieldLabel('taxClass'), fieldLabel(grams)]).toEqual(['Tax class', 'MUG: weight in grams']);
});

test('a new product has the weight that was entered, or none', () => {
  const draft = withVariant(withVariant({ title: 'Mug', taxClass: 'zero' }, 'MUG'), 'CUP');
  const priced = { ...draft, [variantField('MUG', 'price')]: '1', [variantField('CUP', 'price')]: '1', [grams]: '350' };
  const made = newProductOf(priced, 'EUR');
  expect(made).toMatchObject({ taxClass: 'zero', variants: [{ weightGrams: 350 }, { sku: 'CUP' }] });
  expect(made).not.toHaveProperty('digital');
  expect(made.variants[1]).not.toHaveProperty('weightGrams');
});

test.each(['0.5', '-1', '1000001', '1,200', '350 g'])('the weight %j is refused at its field', (text) => {
  const refused = expect(() => changeOf({ [grams]: text }, 'EUR'));
  refused.toThrow(FieldProblem);
  refused.toThrow(/whole grams/);
});
