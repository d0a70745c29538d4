import { createPool } from '@tradepost/postgres/pool';
import { emptyDatabase } from '@tradepost/testing/postgres';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createReadiness, databaseCheck } from '../src/readiness.ts';

test('a pool that is busy is not a database that is unavailable', async () => {
  const database = await emptyDatabase();
  const log = pino({ level: 'silent' });
  const pool = createPool({ url: database.url, name: 'busy', max: 1, connectTimeoutMs: 100, log });
  const check = databaseCheck(pool);
  let busy = true;
  let timedOut = 0;
  // One connection, and always a queue for it in which nobody comes to their turn in time.
  const queue = Array.from({ length: 20 }, async () => {
    while (busy) await pool.query({ text: 'select pg_sleep(0.05)' }).catch(() => timedOut++);
  });
  await until(() => timedOut > 20);
  // On a slow machine the database may for once not have answered anybody for long enough to be taken for silent.
  for (let i = 0; i < 5; i++) await until(async () => (await check()).ok);
  busy = false;
  await Promise.all(queue);
  await pool.end();
  await database.drop();
});

test('a check that throws or hangs is a check that fails, and is asked once in a while only', async () => {
  const readiness = createReadiness();
  readiness.phase = 'started';
  let asked = 0;
  readiness.add('broken', async () => {
    asked++;
    throw new Error('it is broken');
  });
  readiness.add(
    'hanging',
    () => new Promise(() => {}),
    () => false,
  );
  const [report] = await Promise.all([readiness.report(), readiness.report(), readiness.report()]);
  expect(report).toEqual({
    ready: false,
    phase: 'started',
    checks: {
      broken: { ok: false, required: true, reason: 'it is broken' },
      hanging: { ok: false, required: false, reason: 'it does not answer' },
    },
  });
  expect(asked).toBe(1);
});
