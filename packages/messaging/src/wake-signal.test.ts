import { expect, test } from 'vitest';
import { createWakeSignal, pause, settlesWithin } from './wake-signal.ts';

test('a notification ends the wait, one before it included, and only one', async () => {
  const signal = createWakeSignal();
  const waiting = signal.wait(60_000);
  signal.notify();
  expect(await waiting).toBe(true);
  signal.notify();
  signal.notify();
  expect(await signal.wait(60_000)).toBe(true);
  expect(await signal.wait(1)).toBe(false);
});

test('a pause ends early when its signal is aborted', async () => {
  const stopping = new AbortController();
  const pausing = pause(60_000, stopping.signal);
  stopping.abort();
  await pausing;
  await pause(60_000, stopping.signal);
});

test('a bounded wait says whether it was in time', async () => {
  expect(await settlesWithin(60_000, Promise.resolve())).toBe(true);
  expect(await settlesWithin(60_000, Promise.reject(new Error('settled all the same')))).toBe(true);
  expect(await settlesWithin(1, new Promise(() => {}))).toBe(false);
});
