import { expect, test } from 'vitest';
import { passwordCounts, waitFor } from './attempts.ts';

const limits = { perAccountAndAddress: 3, perAccount: 10, perAddress: 20, windowSeconds: 900 };

test('a guess counts for the account from there, for the account, and for the address', () => {
  const [both, account, address] = passwordCounts('a@example.com', '203.0.113.7', limits);
  expect([both?.limit, account?.limit, address?.limit]).toEqual([3, 10, 20]);
  expect([both?.clearedBySuccess, account?.clearedBySuccess, address?.clearedBySuccess]).toEqual([true, true, false]);
  const [elsewhere, same] = passwordCounts('a@example.com', '203.0.113.8', limits);
  expect(elsewhere?.subject).not.toBe(both?.subject);
  expect(same?.subject).toBe(account?.subject);
});

test('waits for the last of the counts that are exceeded', () => {
  const count = { limit: 3, count: 3, resetsInSeconds: 50 };
  expect(waitFor([count])).toBeUndefined();
  expect(waitFor([count, { ...count, count: 4, resetsInSeconds: 9.2 }])).toBe(10);
  expect(
    waitFor([
      { ...count, count: 4 },
      { ...count, count: 9, resetsInSeconds: 700 },
    ]),
  ).toBe(700);
  expect(waitFor([{ limit: 0, count: 1000, resetsInSeconds: 9 }])).toBeUndefined();
  expect(waitFor([{ ...count, count: 4, resetsInSeconds: -1 }])).toBe(1);
});
