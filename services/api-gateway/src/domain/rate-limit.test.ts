import { expect, test } from 'vitest';
import { charge, rateLimitHeader, ratePolicy, takeToken, tokensOfBody } from './rate-limit.ts';

const policy = ratePolicy('address', 10, 5);

test('a full bucket gives its quota at once, then one token per interval', () => {
  let fullAt: number | undefined;
  const drain = (now: number) => {
    let allowed = 0;
    for (let i = 0; i < 100; i++) {
      const taken = takeToken(policy, fullAt, now);
      fullAt = taken.fullAt;
      if (taken.allowed) allowed += 1;
    }
    return allowed;
  };
  expect(drain(1000)).toBe(10);
  expect(drain(1499)).toBe(0);
  expect(drain(1500)).toBe(1);
  expect(drain(3000)).toBe(3);
  expect(drain(100_000)).toBe(10);
});

test('counts down, and says when to come again', () => {
  let taken = takeToken(policy, undefined, 0);
  expect(taken.remaining).toBe(9);
  for (let i = 0; i < 9; i++) taken = takeToken(policy, taken.fullAt, 0);
  expect(taken.remaining).toBe(0);
  const refused = takeToken(policy, taken.fullAt, 100);
  expect(refused).toMatchObject({ allowed: false, remaining: 0 });
  expect(refused.retryAfterMs).toBeCloseTo(400);
  expect(rateLimitHeader(policy, refused, 100)).toBe('"address";r=0;t=1');
  expect(rateLimitHeader(policy, takeToken(policy, undefined, 100), 100)).toBe('"address";r=9;t=1');
  expect(policy.header).toBe('"address";q=10;w=5');
});

test('a large body counts as several requests, also those that are not left', () => {
  expect([0, 8_191, 8_192, 1_048_576].map(tokensOfBody)).toEqual([0, 0, 1, 128]);
  const { fullAt } = takeToken(policy, undefined, 0);
  expect(takeToken(policy, charge(policy, fullAt, 0, 4), 0).remaining).toBe(4);
  const refused = takeToken(policy, charge(policy, fullAt, 0, 19), 0);
  expect(refused).toMatchObject({ allowed: false });
  expect(refused.retryAfterMs).toBeCloseTo(5500);
});
