import { readFile } from 'node:fs/promises';
import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { emptyDatabase, type TestDatabase } from '@tradepost/testing/postgres';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '../src/db.ts';
import { claim, pruneInbox } from '../src/inbox.ts';
import { newEvent, notifyOutboxWrites, outbox } from '../src/outbox.ts';
import type { Pool } from '../src/pool.ts';
import { uuidv7, uuidv7Floor } from '../src/uuid.ts';

let db: TestDatabase;
let notifications = 0;
/** The pool of `db`, which counts the notifications that there is something to publish. */
let notifying: Pool;

beforeAll(async () => {
  db = await emptyDatabase();
  notifying = notifyOutboxWrites(db.pool, () => notifications++);
  // Several statements at once go by the raw connection.
  const client = await db.pool.raw.connect();
  await client.query(await readFile(new URL('../sql/messaging.sql', import.meta.url), 'utf8'));
  client.release();
});

beforeEach(() => db.pool.query({ text: 'truncate outbox, inbox, dead_letter' }));

afterAll(() => db.drop());

function delivered(orderId = uuidv7()): CloudEvent<'order.delivered.v1'> {
  return newEvent({
    source: 'order',
    type: 'order.delivered.v1',
    subject: orderId,
    data: { orderId, customerId: uuidv7() },
  });
}

async function written(): Promise<CloudEvent[]> {
  const { rows } = await db.pool.query<{ event: CloudEvent }>({ text: 'select event from outbox order by id' });
  return rows.map((row) => row.event);
}

test('a new event is a CloudEvent with a new id and the time of now', () => {
  const before = Date.now();
  const event = newEvent({
    source: '/order',
    type: 'order.delivered.v1',
    subject: 's',
    data: { orderId: 'o', customerId: 'c' },
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  });
  expect(event).toMatchObject({ specversion: '1.0', source: '/order', type: 'order.delivered.v1', subject: 's' });
  expect(event.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Date.parse(event.time)).toBeGreaterThanOrEqual(before);
  expect(delivered()).not.toHaveProperty('traceparent');
  expect(delivered().source).toBe('/order');
});

test('events are written in their order, one or many, with any text', async () => {
  const nasty = delivered('a "quoted" \\ ünï\u2028cod\u0007e {1,2} \u0000 order');
  const many = Array.from({ length: 500 }, () => delivered());
  await db.pool.transaction(async (tx) => {
    await outbox.add(tx, nasty);
    await outbox.add(tx, []);
    await outbox.add(tx, many);
  });
  expect(await written()).toEqual([nasty, ...many]);
});

test('many events are one statement', async () => {
  const texts: string[] = [];
  await outbox.add(
    {
      tx: true,
      hasEvents: () => false,
      onCommit: () => {},
      queue: () => {},
      queryTogether: () => Promise.reject(new Error('one is enough')),
      query: async (statement) => {
        texts.push(statement.text);
        return { rows: [], rowCount: 0 };
      },
    },
    [delivered(), delivered()],
  );
  expect(texts).toHaveLength(1);
});

test('an event of a transaction that rolls back is never seen', async () => {
  await expect(
    db.pool.transaction(async (tx) => {
      await outbox.add(tx, delivered());
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(await written()).toEqual([]);
});

test('the documented part of a larger statement writes the same', async () => {
  const events = [delivered(), delivered()];
  await db.pool.query({
    text: `with sent as (insert into outbox (event) select value from json_array_elements($1::json)) select 1`,
    values: [JSON.stringify(events)],
  });
  expect(await written()).toEqual(events);
});

test('an event is claimed once: not again, not twice in a batch, and not by a transaction that rolled back', async () => {
  const [a, b, c] = [delivered(), delivered(), delivered()];
  await expect(
    db.pool.transaction(async (tx) => {
      expect(await claim(tx, [a, b])).toEqual([a, b]);
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(await db.pool.transaction((tx) => claim(tx, [b, a, b]))).toEqual([b, a]);
  expect(await db.pool.transaction((tx) => claim(tx, [a, c, b]))).toEqual([c]);
  expect(await db.pool.transaction((tx) => claim(tx, []))).toEqual([]);
});

test('an id in capitals is the same id', async () => {
  const event = delivered();
  await db.pool.transaction((tx) => claim(tx, [event]));
  expect(await db.pool.transaction((tx) => claim(tx, [{ id: event.id.toUpperCase() }]))).toEqual([]);
});

test('consumers with the same events in opposite order wait for one another and do not deadlock', async () => {
  const events = [delivered(), delivered(), delivered()];
  const waiters = {
    text: `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  };
  const claims: Promise<unknown[]>[] = [];
  await expect(
    db.pool.transaction(async (tx) => {
      // Both others have to stop at the one in the middle, with whatever they hold by then.
      await claim(tx, events.slice(1, 2));
      claims.push(db.pool.transaction((other) => claim(other, events)));
      claims.push(db.pool.transaction((other) => claim(other, events.toReversed())));
      await until(async () => (await db.pool.query(waiters)).rowCount === 2);
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect((await Promise.all(claims)).map((claimed) => claimed.length).sort()).toEqual([0, 3]);
});

test('pruning forgets what was handled long ago, in portions, and nothing younger', async () => {
  const old = new Date('2026-01-01T00:00:00Z');
  const limit = new Date('2026-02-01T00:00:00Z');
  const ids = Array.from({ length: 5 }, (_, i) => uuidv7Floor(new Date(old.getTime() + i)));
  // Written long ago, handled only now: it may be delivered again.
  const late = uuidv7Floor(new Date(old.getTime() + 100));
  const young = uuidv7();
  await db.pool.query({
    text: `insert into inbox select id, $2 from unnest($1::uuid[]) as id union all select $3, now() union all select $4, now()`,
    values: [ids, old, late, young],
  });
  expect(await pruneInbox(db.pool, limit, 3)).toBe(3);
  expect(await pruneInbox(db.pool, limit, 3)).toBe(2);
  expect(await pruneInbox(db.pool, limit)).toBe(0);
  const { rows } = await db.pool.query<{ event_id: string }>({ text: 'select event_id from inbox order by event_id' });
  expect(rows.map((row) => row.event_id)).toEqual([late, young]);
});

test('a dead letter holds even what jsonb would refuse', async () => {
  await db.pool.query({
    text: `insert into dead_letter (event_id, type, event, error, attempts) values ($1, 'x', $2, 'boom', 3)`,
    values: [uuidv7(), JSON.stringify({ text: 'a\u0000b' })],
  });
  const { rows } = await db.pool.query<{ event: unknown }>({ text: 'select event from dead_letter' });
  expect(rows[0]?.event).toEqual({ text: 'a\u0000b' });
});

const insertEvents = sql(
  'test.insert-events',
  'insert into outbox (event) select value from json_array_elements($1::json)',
);
const readOne = sql('test.read-one', 'select 1 as one');
const oneEvent = () => insertEvents([JSON.stringify([delivered()])]);

test.each([
  ['a statement', true, () => notifying.query(oneEvent())],
  ['a statement that only reads', false, () => notifying.query(readOne())],
  ['outbox.add', true, () => notifying.transaction((tx) => outbox.add(tx, delivered()))],
  [
    'a statement sent together with others',
    true,
    () => notifying.transaction((tx) => tx.queryTogether(readOne(), oneEvent())),
  ],
  ['a queued statement', true, () => notifying.transaction(async (tx) => tx.queue(oneEvent()))],
  ['outbox.add of nothing', false, () => notifying.transaction((tx) => outbox.add(tx, []))],
  ['a transaction that only reads', false, () => notifying.transaction((tx) => tx.query(readOne()))],
])('whoever publishes is notified when there is something to publish: %s, %s', async (_, isNotified, work) => {
  notifications = 0;
  await work();
  expect(notifications).toBe(isNotified ? 1 : 0);
  expect(await written()).toHaveLength(isNotified ? 1 : 0);
});

test('a transaction that is rolled back notifies nobody', async () => {
  notifications = 0;
  const rolledBack = notifying.transaction(async (tx) => {
    await outbox.add(tx, delivered());
    throw new Error('changed my mind');
  });
  await expect(rolledBack).rejects.toThrow('changed my mind');
  expect(notifications).toBe(0);
});
