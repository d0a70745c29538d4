import { emptyDatabase, type TestDatabase } from '@tradepost/testing/postgres';
import { poolLimitsForSlowMachines } from '@tradepost/testing/time-limits';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Tx } from '../src/db.ts';
import { createPool, isTransient, type Pool } from '../src/pool.ts';
import { StatementNotSent } from '../src/statement-group.ts';
import { failure } from './failure.ts';
import { recordingLog } from './log.ts';

let db: TestDatabase;
let pool: Pool;
const { log } = recordingLog();

beforeAll(async () => {
  db = await emptyDatabase();
  pool = createPool({ url: db.url, name: 'flight-test', max: 1, log, ...poolLimitsForSlowMachines });
  await db.pool.query({ text: 'create table item (id int primary key, n int)' });
});

beforeEach(() => db.pool.query({ text: 'truncate item' }));

afterAll(async () => {
  await pool.end();
  await db.drop();
});

const insert = (tx: Tx, id: number, n = id) => tx.query({ text: 'insert into item values ($1, $2)', values: [id, n] });
const count = async () => (await db.pool.query({ text: 'select from item' })).rowCount;
const pidOf = async (tx: Tx) =>
  (await tx.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid' })).rows[0]?.pid;
const terminate = (pid: number | undefined) =>
  db.pool.query({ text: 'select pg_terminate_backend($1, 10000)', values: [pid] });

test('queued statements run in their turn, and one that fails undoes the commit that it travels with', async () => {
  const put = (id: number) => ({ text: 'insert into item values ($1, $1)', values: [id] });
  await pool.transaction(async (tx) => {
    tx.queue(put(1));
    const { rows } = await tx.query<{ n: number }>({ text: 'select count(*)::int as n from item' });
    expect(rows).toEqual([{ n: 1 }]);
    tx.queue(put(2));
  });
  expect(await count()).toBe(2);
  let committed = false;
  const err = await failure(
    pool.transaction(async (tx) => {
      await insert(tx, 3);
      tx.queue(put(1));
      tx.queue(put(4));
      tx.onCommit(() => {
        committed = true;
      });
    }),
  );
  expect(err).toMatchObject({ code: '23505' });
  expect([committed, await count()]).toEqual([false, 2]);
});

test('a transaction in one flight: statements see what those before them did, and take effect together or not at all', async () => {
  const put = (id: unknown) => ({ text: 'insert into item values ($1, 0)', values: [id] });
  const all = { text: 'select id from item order by id' };
  const [first, , read] = await pool.queryTogether<[unknown, unknown, { id: number }]>(put(1), put(2), all);
  expect([first.rowCount, read.rows]).toEqual([1, [{ id: 1 }, { id: 2 }]]);
  const unsendable = {
    toPostgres: () => {
      throw new Error('no text');
    },
  };
  expect(await failure(pool.queryTogether(put(3), put(2), put(4)))).toMatchObject({ code: '23505' });
  expect(await failure(pool.queryTogether(put(3), put(unsendable)))).toBeInstanceOf(StatementNotSent);
  const deferred = { text: 'create temp table later (id int unique deferrable initially deferred)' };
  const twice = { text: 'insert into later values (1), (1)' };
  expect(await failure(pool.queryTogether(deferred, put(3), twice))).toMatchObject({ code: '23505' });
  expect(await count()).toBe(2);
  // `max: 1`: each has given its connection back.
  expect((await pool.queryTogether(put(3), all))[1].rowCount).toBe(3);
});

test('a connection lost during a transaction in one flight leaves the outcome unknown', async () => {
  const pid = await pool.transaction(pidOf);
  const failed = failure(pool.queryTogether({ text: 'insert into item values (1, 1)' }, sleep));
  const sleeping = `select from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'`;
  await until(async () => (await db.pool.query({ text: sleeping, values: [pid] })).rowCount === 1);
  await terminate(pid);
  expect(await failed).toMatchObject({ code: 'unavailable', outcomeUnknown: true });
  expect(await count()).toBe(0);
});

test('a statement does not run when the begin that it travels with fails', async () => {
  // as: a level that PostgreSQL does not know.
  const isolation = 'no such level' as 'serializable';
  const err = await failure(pool.transaction((tx) => insert(tx, 5), { isolation }));
  expect(err).toMatchObject({ code: '42601' });
  expect(await count()).toBe(0);
  const swallowed = await failure(
    pool.transaction(
      async (tx) => {
        // The second does not wait for the answer to the first.
        await Promise.allSettled([insert(tx, 5), insert(tx, 6)]);
        await failure(insert(tx, 7));
      },
      { isolation },
    ),
  );
  expect(swallowed).toMatchObject({ message: expect.stringContaining('Rolled back'), cause: { code: '42601' } });
  expect(await count()).toBe(0);
  await pool.transaction((tx) => insert(tx, 6));
  expect(await count()).toBe(1);
});

test('nothing is committed when a statement that travels with the commit cannot be sent', async () => {
  const unsendable = {
    toPostgres: () => {
      throw new Error('no text');
    },
  };
  const err = await failure(
    pool.transaction(async (tx) => {
      await insert(tx, 1);
      tx.queue({ text: 'insert into item values (2, 2)' });
      tx.queue({ text: 'insert into item values (3, $1)', values: [unsendable] });
    }),
  );
  expect(err).toBeInstanceOf(StatementNotSent);
  expect(isTransient(err)).toBe(false);
  expect(await count()).toBe(0);
  await pool.transaction((tx) => insert(tx, 4));
  expect(await count()).toBe(1);
});

const sleep = { text: 'select pg_sleep(20)' };
/** Commits a row behind a statement that takes long, and has `interrupt` end that. */
async function commitInterrupted(interrupt: (pid: number) => Promise<unknown>): Promise<unknown> {
  let pid: number | undefined;
  const failed = failure(
    pool.transaction(async (tx) => {
      pid = await pidOf(tx);
      tx.queue({ text: 'insert into item values (1, 1)' });
      tx.queue(sleep);
    }),
  );
  const sleeping = `select from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'`;
  await until(async () => pid && (await db.pool.query({ text: sleeping, values: [pid] })).rowCount === 1);
  await interrupt(pid ?? 0);
  return failed;
}

test('a statement that is cancelled undoes the commit that it travels with, and keeps the connection', async () => {
  const before = await pool.transaction(pidOf);
  const err = await commitInterrupted((pid) => db.pool.query({ text: 'select pg_cancel_backend($1)', values: [pid] }));
  expect(err).toMatchObject({ code: '57014' });
  expect([await count(), await pool.transaction(pidOf)]).toEqual([0, before]);
});

test('a connection lost while statements travel with the commit leaves the outcome unknown', async () => {
  const err = await commitInterrupted(terminate);
  expect(err).toMatchObject({ code: 'unavailable', outcomeUnknown: true });
  expect(await count()).toBe(0);
});

test('a prepared statement that the server does not know any more is an error that passes, with a certain outcome', async () => {
  const put = (tx: Tx) => tx.queue({ name: 'put', text: 'insert into item values (1, 1)' });
  const forget = { text: 'deallocate all' };
  await pool.transaction(async (tx) => put(tx));
  await db.pool.query({ text: 'truncate item' });
  const behindCommit = pool.transaction(async (tx) => {
    await tx.query(forget);
    put(tx);
  });
  const err = await failure(behindCommit);
  expect(err).toMatchObject({ code: '26000' });
  expect(isTransient(err)).toBe(true);
  await pool.transaction(pidOf);
  await pool.query(forget);
  const withBegin = await failure(pool.transaction(pidOf));
  expect(withBegin).toMatchObject({ code: '26000' });
  expect(await count()).toBe(0);
  await pool.transaction(async (tx) => put(tx));
  expect(await count()).toBe(1);
});

test('of statements that are sent together, the second sees what the first has waited for', async () => {
  await pool.transaction((tx) => insert(tx, 1));
  let asked: Promise<unknown> | undefined;
  await pool.transaction(async (tx) => {
    await tx.query({ text: 'update item set n = 7 where id = 1' });
    asked = db.pool.transaction((other) =>
      other.queryTogether<[{ n: number }, { n: number }]>(
        { text: 'select n from item where id = 1 for update' },
        { text: 'select count(*)::int as n from item' },
      ),
    );
    const waits = { text: `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%for update%'` };
    // Not in this transaction, which sees the same activity each time that it looks.
    await until(async () => (await db.pool.query(waits)).rowCount === 1);
    await insert(tx, 8);
  });
  expect(await asked).toMatchObject([{ rows: [{ n: 7 }] }, { rows: [{ n: 2 }] }]);
});
