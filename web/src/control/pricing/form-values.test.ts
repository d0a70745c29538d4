import { expect, test } from 'vitest';
import { ApiProblem } from '../../api/problem.ts';
import { errorAt, InputProblem, readAmount, readCount, readPercent } from './form-values.ts';

test('percentages are read as people write them', () => {
  expect(['19', '8.875', '8,875', '0', '100'].map((text) => readPercent(text, '/p'))).toEqual([
    19, 8.875, 8.875, 0, 100,
  ]);
  for (const text of ['', '19 %', '100.1', '8.87501', '-1', '1e1', '1.', '1000']) {
    expect(() => readPercent(text, '/p')).toThrow(InputProblem);
  }
});

test('amounts have the decimals of their currency', () => {
  expect([readAmount('4.90', 'EUR', '/a'), readAmount('490', 'JPY', '/a'), readAmount('4,9', 'KWD', '/a')]).toEqual([
    490, 490, 4900,
  ]);
  expect(() => readAmount('4.90', 'JPY', '/a')).toThrow('Enter an amount in JPY like 5');
  expect(() => readCount('1.5', '/c')).toThrow('whole number');
});

test('an error is shown at its field, or at the field that it is a part of', () => {
  const errors = [{ field: '/countries/3', message: 'must be a country' }];
  expect(errorAt(new ApiProblem(400, { errors }), '/countries')).toBe('must be a country');
  expect(errorAt(new ApiProblem(400, { errors }), '/country')).toBeUndefined();
  expect(errorAt(new InputProblem('/name', 'Enter a name'), '/name')).toBe('Enter a name');
});
