import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { startTask } from './tasks.ts';

const log = pino({ level: 'silent' });

test('a round that found something is followed by the next at once', async () => {
  const work = [3, 2, 1, 0];
  let rounds = 0;
  const task = startTask({ name: 'x', everyMs: 3_600_000, run: async () => work[rounds++] }, { log });
  await until(() => rounds === 4);
  await task.stop();
  expect(rounds).toBe(4);
});

test('it is run again after a while', async () => {
  let rounds = 0;
  const run = async () => {
    rounds++;
  };
  const task = startTask({ name: 'x', everyMs: 5, run }, { log });
  await until(() => rounds > 3);
  await task.stop();
});

test('it can be woken, while it rests and while it runs', async () => {
  let rounds = 0;
  let release = () => {};
  const task = startTask(
    {
      name: 'x',
      everyMs: 3_600_000,
      run: async () => {
        rounds++;
        if (rounds === 2) await new Promise<void>((resolve) => (release = resolve));
      },
    },
    { log },
  );
  await until(() => rounds === 1);
  task.wake();
  await until(() => rounds === 2);
  task.wake();
  release();
  await until(() => rounds === 3);
  await task.stop();
});

test('after an error it is tried again, and the errors are counted', async () => {
  const outcomes: string[] = [];
  let rounds = 0;
  const run = async () => {
    if (++rounds < 3) throw new Error('not yet');
  };
  const onRun = (outcome: string) => outcomes.push(outcome);
  const task = startTask({ name: 'x', everyMs: 1, run }, { log, onRun });
  await until(() => outcomes.includes('ok'));
  await task.stop();
  expect(outcomes.slice(0, 3)).toEqual(['error', 'error', 'ok']);
});

test('after a long outage a task that runs often is tried again within 5 s, and a rare one within a minute', async () => {
  vi.useFakeTimers();
  try {
    const longest = async (everyMs: number) => {
      const pauses: number[] = [];
      const noted = pino({ level: 'error' }, { write: (line: string) => void pauses.push(JSON.parse(line).retryInMs) });
      const run = async () => {
        throw new Error('no database');
      };
      const task = startTask({ name: 'x', everyMs, run }, { log: noted });
      await vi.advanceTimersByTimeAsync(600_000);
      await task.stop();
      return Math.max(...pauses);
    };
    // A tenth more, at random.
    expect(await longest(1000)).toBeLessThanOrEqual(5500);
    const rare = await longest(3_600_000);
    expect(rare).toBeGreaterThan(50_000);
    expect(rare).toBeLessThanOrEqual(66_000);
  } finally {
    vi.useRealTimers();
  }
});

test('stopping aborts the signal of the run under way, and waits for it', async () => {
  let ended = false;
  const task = startTask(
    {
      name: 'x',
      everyMs: 1,
      run: (signal) =>
        new Promise<void>((resolve) => {
          signal.addEventListener('abort', () =>
            setImmediate(() => {
              ended = true;
              resolve();
            }),
          );
        }),
    },
    { log },
  );
  await task.stop();
  expect(ended).toBe(true);
});
