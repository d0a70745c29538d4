import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createOutboxNotifier } from './outbox-notifier.ts';

const log = pino({ level: 'silent' });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the leader is notified at once, and then at most once in 20 ms', async () => {
  const send = vi.fn(async () => {});
  const notifier = createOutboxNotifier(send, log);
  notifier.notify();
  await vi.advanceTimersByTimeAsync(1);
  expect(send).toHaveBeenCalledTimes(1);
  notifier.notify();
  notifier.notify();
  await vi.advanceTimersByTimeAsync(18);
  expect(send).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(2);
  expect(send).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(100);
  expect(send).toHaveBeenCalledTimes(2);
});

test('what is still to be notified is sent before it stops', async () => {
  const send = vi.fn(async () => {});
  const notifier = createOutboxNotifier(send, log);
  notifier.notify();
  await vi.advanceTimersByTimeAsync(1);
  notifier.notify();
  await notifier.stop();
  expect(send).toHaveBeenCalledTimes(2);
});
