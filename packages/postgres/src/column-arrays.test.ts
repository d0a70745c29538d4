import { expect, it } from 'vitest';
import { columnArrays } from './column-arrays.ts';

const lines = columnArrays<{ sku: string; quantity: number }>({
  quantity: ['int', (line) => line.quantity],
  sku: ['text', (line) => line.sku],
});

it('names the columns in the order of their parameters', () => {
  expect(lines.unnest('l')).toBe('unnest($1::int[], $2::text[]) as l(quantity, sku)');
  expect(lines.unnest('l', 5)).toBe('unnest($5::int[], $6::text[]) as l(quantity, sku)');
  expect(lines.count).toBe(2);
});

it('gives one array for each column, also without rows', () => {
  expect(
    lines.values([
      { sku: 'MUG', quantity: 2 },
      { sku: 'TEA', quantity: 1 },
    ]),
  ).toEqual([
    [2, 1],
    ['MUG', 'TEA'],
  ]);
  expect(lines.values([])).toEqual([[], []]);
});
