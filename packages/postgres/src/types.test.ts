import { expect, test } from 'vitest';
import { columnTypes, parseInt8, parseNumeric } from './types.ts';

test.each([
  ['0', 0],
  ['-9007199254740991', -9007199254740991],
  ['9007199254740991', 9007199254740991],
])('int8 %s', (text, value) => expect(parseInt8(text)).toBe(value));

test.each(['9007199254740992', '-9223372036854775808'])('int8 %s is refused', (text) => {
  expect(() => parseInt8(text)).toThrow(RangeError);
});

test('numeric: integers exactly, fractions nearly, NaN not at all', () => {
  expect(parseNumeric('199')).toBe(199);
  expect(parseNumeric('-0.10')).toBe(-0.1);
  expect(() => parseNumeric('123456789012345678901234')).toThrow(RangeError);
  expect(() => parseNumeric('NaN')).toThrow(RangeError);
});

test('binary values and all other types are left to pg', () => {
  expect(columnTypes.getTypeParser(20, 'text')('7')).toBe(7);
  expect(columnTypes.getTypeParser(16, 'text')('t')).toBe(true);
  expect(columnTypes.getTypeParser(25, 'text')('text')).toBe('text');
});
