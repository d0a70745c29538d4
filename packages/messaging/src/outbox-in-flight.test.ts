import { expect, test } from 'vitest';
import { trackInFlight } from './outbox-in-flight.ts';

const long = { firstMs: 60_000, maxMs: 60_000 };

test('a row is busy until it has been deleted, or returned', () => {
  const progress = trackInFlight(long);
  for (const id of [1, 2]) progress.sent(id);
  expect(progress.inFlight()).toBe(2);
  progress.confirmed(1);
  progress.failed(2);
  expect(progress.busy()).toEqual([1]);
  expect(progress.toDelete()).toEqual([1]);
  progress.deleted([1]);
  expect([progress.busy(), progress.nextDue()]).toEqual([[], Number.POSITIVE_INFINITY]);
});

test('a deferred row is left alone until it is due or its backoff is reset, and keeps its count of failures', () => {
  const progress = trackInFlight(long);
  progress.sent(1);
  expect(progress.defer(1)).toBe(1);
  expect(progress.busy()).toEqual([1]);
  expect(progress.nextDue()).toBeGreaterThan(Date.now());
  progress.resetBackoff();
  expect(progress.busy()).toEqual([]);
  progress.sent(1);
  expect(progress.defer(1)).toBe(2);
  progress.sent(1);
  progress.confirmed(1);
  progress.deleted([1]);
  expect([progress.busy(), progress.nextDue()]).toEqual([[], Number.POSITIVE_INFINITY]);
});
