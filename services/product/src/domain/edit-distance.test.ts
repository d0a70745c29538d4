import { expect, it } from 'vitest';
import { editDistance } from './edit-distance.ts';

it.each([
  ['mug', 'mug', 0],
  ['mag', 'mug', 1],
  ['lmap', 'lamp', 1],
  ['tostr', 'toaster', 2],
  ['', 'ab', 2],
  ['ca', 'abc', 3],
  ['синий', 'сниий', 1],
])('from %s to %s: %i', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});
