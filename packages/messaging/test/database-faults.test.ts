import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { listDeadLetters } from '@tradepost/messaging/dead-letters';
import { type EmbeddedPostgres, startPostgres } from '@tradepost/postgres/embedded';
import { migrate } from '@tradepost/postgres/migrate';
import { createPool, isTransient, type Pool } from '@tradepost/postgres/pool';
import { rabbitForTests } from '@tradepost/testing/rabbitmq';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clear, createHarness, type Harness, migrations, takeEffect, toOrder, write } from './harness.ts';

const rabbit = await rabbitForTests();
const log = pino({ level: 'silent' });
let directory: string;
let server: EmbeddedPostgres;
let pool: Pool;
let harness: Harness;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tradepost-test-messaging-'));
  // For root, PostgreSQL runs as another user, who has to pass.
  await chmod(directory, 0o711);
  server = await startPostgres({ directory, log });
  await server.createDatabase('messaging');
  await migrate({ url: server.url('messaging'), directory: migrations, log });
  pool = createPool({ url: server.url('messaging'), name: 'test', log });
});
afterAll(async () => {
  await pool.end();
  await server.stop();
  await rm(directory, { recursive: true, force: true, maxRetries: 10 });
  await rabbit?.drop();
});

/** Writes an event, until it is certain that it has been written; the same event may be written twice. */
async function writeForSure(event: CloudEvent): Promise<void> {
  await until(
    () =>
      write(pool, event).then(
        () => true,
        (err) => {
          if (!isTransient(err)) throw err;
          return false;
        },
      ),
    { what: 'the database to take an event' },
  );
}

describe.for([
  { kind: 'memory', broker: () => 'memory:', skip: false },
  { kind: 'rabbitmq', broker: () => rabbit?.anotherUrl() ?? '', skip: !rabbit },
])('over $kind, with the database', ({ broker, skip }) => {
  describe.skipIf(skip)('and a stream of events', () => {
    beforeEach(async () => {
      await clear(pool);
      harness = createHarness(broker(), pool);
    });
    afterEach(() => harness.stop());

    test.for([
      ['restarted', () => server.restart()],
      [
        'ending every session',
        async () => {
          const text = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()';
          await pool.query({ text }).catch(() => {});
        },
      ],
    ] as const)('%s: nothing is lost, doubled, or counted as an attempt', async ([, disturb]) => {
      await harness.consumer({ handlers: { 'stock.reservation-expired.v1': takeEffect }, retry: { attempts: 1 } });
      const relay = harness.relay();
      const events = Array.from({ length: 400 }, () => toOrder());
      let disturbed: Promise<void> | undefined;
      for (const [at, event] of events.entries()) {
        await writeForSure(event);
        relay.wake();
        if (at === 200) disturbed = disturb();
      }
      await disturbed;
      await harness.settled(events);
      expect((await harness.effects()).sort()).toEqual(events.map(({ id }) => id).sort());
      expect((await listDeadLetters(pool, { limit: 1 })).items).toEqual([]);
    });
  });
});
