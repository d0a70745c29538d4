import { expect, it } from 'vitest';
import { retryPauseMs } from './retry.ts';

const HOUR_MS = 3_600_000;
const policy = { maxAttempts: 16, firstMs: 60_000 };

it('doubles the pause up to six hours', () => {
  expect(retryPauseMs(1, policy, 0.5)).toBe(60_000);
  expect(retryPauseMs(4, policy, 0.5)).toBe(480_000);
  expect(retryPauseMs(15, policy, 0.5)).toBe(6 * HOUR_MS);
});

it('goes on for about two days, and ends', () => {
  const pauses = Array.from({ length: 16 }, (_, n) => retryPauseMs(n + 1, policy, 0.5) ?? 0);
  const hours = pauses.reduce((sum, pause) => sum + pause, 0) / HOUR_MS;
  expect(hours).toBeGreaterThan(40);
  expect(hours).toBeLessThan(56);
  expect(retryPauseMs(16, policy, 0.5)).toBeUndefined();
});

it('spreads what failed together', () => {
  expect(retryPauseMs(1, policy, 0)).toBe(48_000);
  expect(retryPauseMs(1, policy, 1)).toBe(72_000);
});
