import { expect, test } from 'vitest';
import { ratePolicy } from '../domain/rate-limit.ts';
import { RateLimiter } from './rate-limiter.ts';

test('each caller has a bucket of its own, and their number is bounded', () => {
  const limiter = new RateLimiter(ratePolicy('address', 2, 60), 100);
  expect(limiter.take('a', 0).allowed).toBe(true);
  expect(limiter.take('a', 0).allowed).toBe(true);
  expect(limiter.take('a', 0).allowed).toBe(false);
  expect(limiter.take('b', 0).allowed).toBe(true);
  for (let i = 0; i < 10_000; i++) limiter.take(`caller ${i}`, 0);
  expect(limiter.size).toBe(100);
});
