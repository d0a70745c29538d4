import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { testDatabase } from '@tradepost/testing/postgres';
import { rabbitForTests } from '@tradepost/testing/rabbitmq';
import { until } from '@tradepost/testing/until';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clear, createHarness, migrations, toOrder, write } from './harness.ts';

const rabbit = await rabbitForTests();
const database = await testDatabase(migrations);
const { pool } = database;
const workers: ChildProcess[] = [];

afterAll(async () => {
  await database.drop();
  await rabbit?.drop();
});

/** Starts a worker; `paused` resolves when it has come to where it is to be killed. */
function work(broker: string, pause?: string) {
  const args = ['--database', database.url, '--broker', broker, ...(pause ? ['--pause', pause] : [])];
  const child = spawn(process.execPath, [fileURLToPath(new URL('./worker.ts', import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  workers.push(child);
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  return { paused: () => until(() => printed.includes('paused')), kill: () => kill(child) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

describe.for([
  { kind: 'memory', broker: () => 'memory:', skip: false },
  { kind: 'rabbitmq', broker: () => rabbit?.anotherUrl() ?? '', skip: !rabbit },
])('over $kind', ({ broker, skip }) => {
  describe.skipIf(skip)('kill -9', () => {
    beforeEach(() => clear(pool));
    afterEach(async () => {
      await Promise.all(workers.splice(0).map(kill));
    });

    test.for([
      ['before a handler’s transaction has committed', 'before commit', 'none'],
      ['after it has committed and before it is acknowledged', 'before ack', 'some'],
      ['after events were published and before they are deleted', 'before delete', undefined],
    ] as const)('%s: each event takes effect once', async ([, pause, before]) => {
      const url = broker();
      const events = Array.from({ length: 5 }, () => toOrder());
      await write(pool, ...events);
      const harness = createHarness(url, pool);
      const doomed = work(url, pause);
      await doomed.paused();
      // A broker may hand out five events in more than one batch.
      const effects = (await harness.effects()).length;
      if (before === 'none') expect(effects).toBe(0);
      if (before === 'some') expect(effects).toBeGreaterThan(0);
      await doomed.kill();
      work(url);
      await harness.settled(events);
      expect((await harness.effects()).sort()).toEqual(events.map(({ id }) => id).sort());
    });

    test('again and again while events are written: none is lost and none doubled', async () => {
      const url = broker();
      const harness = createHarness(url, pool);
      const events = Array.from({ length: 300 }, () => toOrder());
      let worker = work(url);
      for (let at = 0; at < events.length; at += 10) {
        const before = (await harness.effects()).length;
        await write(pool, ...events.slice(at, at + 10));
        if (at % 100 !== 90) continue;
        // Killed at work, wherever it happens to be.
        await until(async () => (await harness.effects()).length > before);
        await worker.kill();
        worker = work(url);
      }
      await harness.settled(events);
      expect((await harness.effects()).sort()).toEqual(events.map(({ id }) => id).sort());
    });
  });
});
