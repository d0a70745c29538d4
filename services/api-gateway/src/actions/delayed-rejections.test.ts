import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DelayedRejections } from './delayed-rejections.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a refusal comes after the delay, and no more than so many are delayed at a time', () => {
  const refusals = new DelayedRejections({ delayMs: 1_000, max: 2 });
  const refused: number[] = [];
  const delay = (n: number) => refusals.delay(() => refused.push(n));
  expect([delay(1), delay(2), delay(3)]).toEqual([true, true, false]);
  vi.advanceTimersByTime(999);
  expect(refused).toEqual([]);
  vi.advanceTimersByTime(1_001);
  expect(refused.sort()).toEqual([1, 2]);
  expect(delay(4)).toBe(true);
});
