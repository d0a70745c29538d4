import { emptyDatabase, type TestDatabase } from '@tradepost/testing/postgres';
import { poolLimitsForSlowMachines } from '@tradepost/testing/time-limits';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Tx } from '../src/db.ts';
import { createPool, isTransient, type Pool } from '../src/pool.ts';
import { DatabaseUnavailable } from '../src/unavailable.ts';
import { failure } from './failure.ts';
import { recordingLog } from './log.ts';

let db: TestDatabase;
let pool: Pool;
const { log, lines } = recordingLog();

beforeAll(async () => {
  db = await emptyDatabase();
  pool = createPool({ url: db.url, name: 'tx-test', max: 1, log, ...poolLimitsForSlowMachines });
  await db.pool.query({
    text: 'create table item (id int primary key, n int, unique (n) deferrable initially deferred)',
  });
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

test('commits, returns what the work returns, and only then runs onCommit', async () => {
  const seen: number[] = [];
  const result = await pool.transaction(async (tx) => {
    expect(tx.tx).toBe(true);
    await insert(tx, 1);
    tx.onCommit(() => seen.push(1));
    tx.onCommit(() => seen.push(2));
    expect(seen).toEqual([]);
    return 'done';
  });
  expect(result).toBe('done');
  expect(seen).toEqual([1, 2]);
  expect(await count()).toBe(1);
});

test('rolls back when the work throws, passes the error on, and keeps the connection', async () => {
  const refused = new Error('refused');
  let committed = false;
  let pid: number | undefined;
  const err = await failure(
    pool.transaction(async (tx) => {
      pid = await pidOf(tx);
      await insert(tx, 1);
      tx.onCommit(() => {
        committed = true;
      });
      throw refused;
    }),
  );
  expect(err).toBe(refused);
  expect(committed).toBe(false);
  expect(await count()).toBe(0);
  expect(await pool.transaction(pidOf)).toBe(pid);
});

test('an error of onCommit is logged and does not turn a commit into a failure', async () => {
  await pool.transaction(async (tx) => {
    await insert(tx, 1);
    tx.onCommit(() => {
      throw new Error('late');
    });
  });
  expect(await count()).toBe(1);
  expect(lines.some((line) => line.msg.includes('onCommit'))).toBe(true);
});

test('a swallowed error does not look like a commit', async () => {
  const err = await failure(
    pool.transaction(async (tx) => {
      await insert(tx, 1);
      await failure(insert(tx, 1));
    }),
  );
  expect(err).toMatchObject({ message: expect.stringContaining('Rolled back') });
  expect(await count()).toBe(0);
});

test('a commit that the server refuses is an error of the server, and nothing is written', async () => {
  const err = await failure(
    pool.transaction(async (tx) => {
      await insert(tx, 1, 7);
      await insert(tx, 2, 7);
    }),
  );
  expect(err).toMatchObject({ code: '23505' });
  expect(await count()).toBe(0);
});

test('a connection lost in the middle is transient, with a certain outcome, and replaced', async () => {
  const err = await failure(
    pool.transaction(async (tx) => {
      await insert(tx, 1);
      await terminate(await pidOf(tx));
      await insert(tx, 2);
    }),
  );
  expect(isTransient(err)).toBe(true);
  expect(err).not.toMatchObject({ outcomeUnknown: true });
  expect(await count()).toBe(0);
  await pool.transaction((tx) => insert(tx, 3));
  expect(await count()).toBe(1);
});

test('a connection lost before the commit is answered leaves the outcome unknown, and says so', async () => {
  let committed = false;
  const err = await failure(
    pool.transaction(async (tx) => {
      await insert(tx, 1);
      tx.onCommit(() => {
        committed = true;
      });
      await terminate(await pidOf(tx));
    }),
  );
  expect(err).toBeInstanceOf(DatabaseUnavailable);
  expect(err).toMatchObject({ outcomeUnknown: true });
  expect(isTransient(err)).toBe(true);
  expect(committed).toBe(false);
});

test('so does a server that is shut down in the middle of the commit', async () => {
  await db.pool.query({
    text: `create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(20); return null; end $$`,
  });
  await db.pool.query({
    text: `create constraint trigger slow after insert on item deferrable initially deferred for each row execute function slow()`,
  });
  let pid: number | undefined;
  const failed = failure(
    pool.transaction(async (tx) => {
      pid = await pidOf(tx);
      await insert(tx, 1);
    }),
  );
  const committing = `select from pg_stat_activity where pid = $1 and query = 'commit' and wait_event = 'PgSleep'`;
  await until(async () => pid && (await db.pool.query({ text: committing, values: [pid] })).rowCount === 1);
  await terminate(pid);
  expect(await failed).toMatchObject({ code: 'unavailable', outcomeUnknown: true });
  await db.pool.query({ text: 'drop trigger slow on item' });
});

test('an idle transaction is ended by the server, and its connection replaced', async () => {
  const short = createPool({
    ...{ url: db.url, name: 'idle', max: 1, log },
    ...{ ...poolLimitsForSlowMachines, idleInTransactionTimeoutMs: 20 },
  });
  const err = await failure(
    short.transaction(async (tx) => {
      await insert(tx, 1);
      const gone = { text: 'select from pg_stat_activity where pid = $1', values: [await pidOf(tx)] };
      await until(async () => (await db.pool.query(gone)).rowCount === 0);
      await insert(tx, 2);
    }),
  );
  expect(isTransient(err)).toBe(true);
  await expect(short.ping()).resolves.toBeUndefined();
  await short.end();
});

test('isolation levels are set, and a conflict is transient', async () => {
  await db.pool.transaction((tx) => insert(tx, 1));
  const err = await failure(
    db.pool.transaction(
      async (tx) => {
        const { rows } = await tx.query({ text: `select current_setting('transaction_isolation') level from item` });
        expect(rows).toEqual([{ level: 'serializable' }]);
        await pool.transaction((other) => other.query({ text: 'update item set n = 5' }));
        await tx.query({ text: 'update item set n = 6' });
      },
      { isolation: 'serializable' },
    ),
  );
  expect(err).toMatchObject({ code: '40001' });
  expect(isTransient(err)).toBe(true);
});

test('a statement that was not awaited cannot slip out of its transaction', async () => {
  let kept: Tx | undefined;
  await pool.transaction(async (tx) => {
    kept = tx;
  });
  await expect(kept ? insert(kept, 9) : undefined).rejects.toThrow(/await is missing/);
});
