import { expect, test } from 'vitest';
import { type FailureStage, mayRetry, newRetryBudget, onRequest, tryConsume } from './retry-budget.ts';

const first = { attempts: 1, idempotent: true, bodyReplayable: true };

test('a request that never reached a service may be sent again with any method, three times in all', () => {
  expect(mayRetry({ ...first, stage: 'connect-failed', idempotent: false })).toBe(true);
  expect(mayRetry({ ...first, stage: 'connect-failed', idempotent: false, attempts: 2 })).toBe(true);
  expect(mayRetry({ ...first, stage: 'connect-failed', attempts: 3 })).toBe(false);
});

test.each<[FailureStage, number]>([
  ['unanswered', 3],
  ['overloaded', 2],
])('%s: only what may be repeated, and %i times in all', (stage, most) => {
  expect(mayRetry({ ...first, stage })).toBe(true);
  expect(mayRetry({ ...first, stage, idempotent: false })).toBe(false);
  expect(mayRetry({ ...first, stage, bodyReplayable: false })).toBe(false);
  expect(mayRetry({ ...first, stage, attempts: most - 1 })).toBe(true);
  expect(mayRetry({ ...first, stage, attempts: most })).toBe(false);
});

test.each<FailureStage>(['timeout', 'broken'])('%s: never', (stage) => {
  expect(mayRetry({ ...first, stage })).toBe(false);
});

test('in the long run one request in five may be a retry', () => {
  const budget = newRetryBudget();
  while (tryConsume(budget));
  let retries = 0;
  for (let i = 0; i < 1000; i++) {
    onRequest(budget);
    if (tryConsume(budget)) retries += 1;
  }
  expect(retries).toBeGreaterThanOrEqual(199);
  expect(retries).toBeLessThanOrEqual(200);
});
