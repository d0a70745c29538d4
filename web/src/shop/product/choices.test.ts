import { expect, test } from 'vitest';
import type { Variant } from '../../api/catalogue.ts';
import { choicesOf, choose, firstShown, pictureOf } from './choices.ts';

const variant = (sku: string, attributes: Record<string, string>, available = 5): Variant => ({
  sku,
  title: sku.toLowerCase(),
  price: { amount: 1000, currency: 'EUR' },
  priceVersion: 1,
  status: 'active',
  attributes,
  available,
});
const redS = variant('RED-S', { colour: 'Red', size: 'S' }, 0);
const redM = variant('RED-M', { colour: 'Red', size: 'M' });
const blueM = variant('BLUE-M', { colour: 'Blue', size: 'M' });
const shirts = [redS, redM, blueM];

test('what there is to choose comes from the attributes, in the seller’s order', () => {
  expect(choicesOf(shirts)).toEqual([
    { name: 'colour', values: ['Red', 'Blue'] },
    { name: 'size', values: ['S', 'M'] },
  ]);
  expect(choicesOf([redM])).toEqual([]);
  // An attribute that is the same for all is no choice.
  expect(choicesOf([redM, blueM])).toEqual([{ name: 'colour', values: ['Red', 'Blue'] }]);
});

test('where attributes are the same for several variants, their titles are shown', () => {
  expect(choicesOf([variant('A', {}), variant('B', {})])).toEqual([{ name: 'Kind', values: ['a', 'b'] }]);
});

test('choosing keeps the rest, or comes as near as there is', () => {
  expect(choose(shirts, redM, 'size', 'S')).toBe(redS);
  expect(choose(shirts, redS, 'colour', 'Blue')).toBe(blueM);
  expect(choose(shirts, redM, 'colour', 'Green')).toBeUndefined();
});

test('first is shown what the address names, or what can be bought', () => {
  expect(firstShown(shirts, 'RED-S')).toBe(redS);
  expect(firstShown(shirts, 'GONE')).toBe(redM);
  expect(firstShown([redS], null)).toBe(redS);
  expect(firstShown([], null)).toBeUndefined();
});

test('the picture of a variant is the one that names it as a word', () => {
  const media = ['Shirt in red', 'Shirt in blue'].map((alt) => ({ url: `/media/${alt}.svg`, alt }));
  expect(pictureOf({ media }, blueM)).toBe(1);
  expect(pictureOf({ media }, variant('X', { colour: 'hirt' }))).toBe(0);
  expect(pictureOf({ media: [] }, undefined)).toBe(0);
});
