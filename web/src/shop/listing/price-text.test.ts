import { expect, test } from 'vitest';
import { rangeProblem, readPriceText } from './price-text.ts';

test.each([
  ['', ''],
  [' ', ''],
  ['20', '20'],
  ['19,50', '19.50'],
  ['€ 20', '20'],
  ['20 €', '20'],
  ['1 000', '1000'],
])('%o is the price %o', (typed, text) => {
  expect(readPriceText(typed, 'EUR')).toEqual({ text });
});

test.each(['cheap', '-5', '1e3', '1.000', '20-30', '€', '1.2.3', '99999999999', '0x10', 'NaN', 'Infinity'])(
  '%o is no price, and the reader learns so',
  (typed) => {
    expect(readPriceText(typed, 'EUR').problem).toBeTruthy();
  },
);

test('a price has as many decimals as its currency', () => {
  expect(readPriceText('1,234', 'KWD')).toEqual({ text: '1.234' });
  expect(readPriceText('250000', 'IDR')).toEqual({ text: '250000' });
  expect(readPriceText('19.5', 'JPY').problem).toBe('Write a price, like 1950');
});

test('the highest price is not below the lowest one', () => {
  expect(rangeProblem('20', '10')).toBeTruthy();
  expect(rangeProblem('20', '20')).toBeUndefined();
  expect(rangeProblem('', '10')).toBeUndefined();
});
