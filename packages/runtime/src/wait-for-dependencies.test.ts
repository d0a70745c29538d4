import { DatabaseUnavailable } from '@tradepost/postgres/unavailable';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { retryAtStart } from './wait-for-dependencies.ts';

const log = pino({ level: 'silent' });
const busy = () => new DatabaseUnavailable('a lock was held for too long', { cause: undefined, outcomeUnknown: false });

test('work of the start runs again while the database is too busy for it', async () => {
  const waits: (string | undefined)[] = [];
  let attempts = 0;
  await retryAtStart({ log, signal: new AbortController().signal, onWait: (what) => waits.push(what) }, async () => {
    attempts++;
    if (attempts < 3) throw busy();
  });
  expect(attempts).toBe(3);
  expect(waits).toEqual([
    'the database: a lock was held for too long',
    'the database: a lock was held for too long',
    undefined,
  ]);
});

test('it rejects with an error that does not pass, and when the service is stopped meanwhile', async () => {
  const stopping = new AbortController();
  const broken = new Error('broken');
  await expect(retryAtStart({ log, signal: stopping.signal }, () => Promise.reject(broken))).rejects.toBe(broken);
  const waiting = retryAtStart({ log, signal: stopping.signal }, () => Promise.reject(busy()));
  stopping.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
});
