import { expect, test } from 'vitest';
import { lingerMsAfter } from './linger.ts';

test('an event that came alone delays the next one by 2 ms at most', () => {
  expect(lingerMsAfter(1, 20)).toBe(2);
});

test('the more events came at once, the longer more are waited for, within the bound', () => {
  const waits = Array.from({ length: 100 }, (_, i) => lingerMsAfter(i + 1, 20));
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits.at(-1)).toBe(20);
  expect(lingerMsAfter(1, 0)).toBe(0);
});
