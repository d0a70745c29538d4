// Long: all cases of one mechanism
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { emptyDatabase, type TestDatabase } from '@tradepost/testing/postgres';
import { until } from '@tradepost/testing/until';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConnectionExecutor } from '../src/connection-executor.ts';
import { sql } from '../src/db.ts';
import { createPool, isTransient, type Pool, type PoolOptions } from '../src/pool.ts';
import { DatabaseUnavailable } from '../src/unavailable.ts';
import { failure } from './failure.ts';
import { recordingLog, silent } from './log.ts';

let db: TestDatabase;
const opened: Pool[] = [];

beforeAll(async () => {
  db = await emptyDatabase();
  await db.pool.query({ text: 'create table item (id int primary key, n int not null check (n >= 0))' });
  await db.pool.query({ text: 'insert into item values (1, 10)' });
});

afterAll(async () => {
  await Promise.all(opened.map((pool) => pool.end()));
  await db.drop();
});

function open(options: Partial<PoolOptions> = {}): Pool {
  const limits = {
    connectTimeoutMs: 60_000,
    recoveryWaitMs: 60_000,
    statementTimeoutMs: 60_000,
    lockTimeoutMs: 60_000,
  };
  const pool = createPool({ url: db.url, name: 'pool-test', log: silent, ...limits, ...options });
  opened.push(pool);
  return pool;
}

/** The backend that serves the next query of a pool of one connection. */
async function backendOf(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid' });
  return rows[0]?.pid ?? 0;
}

test('values come as what they are in JavaScript', async () => {
  const { rows, rowCount } = await open().query({
    text: `select 9007199254740991::int8 as big, 12.5::numeric as fraction, sum(n) as sum, '2026-11-23 10:15:00+02'::timestamptz as at,
      '2026-02-28'::date as day, array[1, null, -3]::int8[] as many, '{}'::int8[] as none, '{"a": [1]}'::json as doc, null::int8 as nothing
      from item`,
  });
  expect(rowCount).toBe(1);
  expect(rows[0]).toEqual({
    big: 9007199254740991,
    fraction: 12.5,
    sum: 10,
    at: new Date('2026-11-23T08:15:00Z'),
    day: '2026-02-28',
    many: [1, null, -3],
    none: [],
    doc: { a: [1] },
    nothing: null,
  });
});

test('an integer that a number cannot hold is refused, and the connection stays good', async () => {
  const pool = open({ max: 1 });
  await expect(pool.query({ text: 'select 9007199254740993::int8' })).rejects.toThrow(RangeError);
  await expect(pool.query({ text: 'select 1' })).resolves.toMatchObject({ rowCount: 1 });
});

test('a named statement is prepared once and its connection survives a refused statement', async () => {
  const pool = open({ max: 1 });
  const add = sql('item.add', 'insert into item values ($1, $2)');
  const pid = await backendOf(pool);
  const err = await failure(pool.query(add([1, 1])));
  expect(err).toMatchObject({ code: '23505', constraint: 'item_pkey', statement: 'item.add' });
  expect(isTransient(err)).toBe(false);
  await pool.query(add([2, 1]));
  expect(await backendOf(pool)).toBe(pid);
  const { rows } = await pool.query({ text: 'select name from pg_prepared_statements' });
  expect(rows).toEqual([{ name: 'item.add' }]);
});

test('rowMode array gives rows as arrays, and commands without a count count 0', async () => {
  const pool = open();
  expect((await pool.query({ text: 'select 1, 2', rowMode: 'array' })).rows).toEqual([[1, 2]]);
  expect((await pool.query({ text: 'create table if not exists item (id int)' })).rowCount).toBe(0);
});

test('a value that cannot be sent fails its query and nothing else', async () => {
  const pool = open({ max: 1 });
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  await expect(pool.query({ text: 'select $1::json', values: [circular] })).rejects.toThrow(/circular/);
  expect(await backendOf(pool)).toBeGreaterThan(0);
});

test('the session has its limits, its name and UTC', async () => {
  const pool = open({ statementTimeoutMs: 1234, lockTimeoutMs: 567, idleInTransactionTimeoutMs: 890 });
  const { rows } = await pool.query({
    text: `select current_setting('statement_timeout') s, current_setting('lock_timeout') l, current_setting('timezone') z,
      current_setting('idle_in_transaction_session_timeout') i, current_setting('application_name') a`,
  });
  expect(rows[0]).toEqual({ s: '1234ms', l: '567ms', z: 'UTC', i: '890ms', a: 'pool-test' });
});

test('a statement that runs too long is cancelled; that is not transient', async () => {
  const err = await failure(open({ statementTimeoutMs: 50 }).query({ text: 'select pg_sleep(30)' }));
  expect(err).toMatchObject({ code: '57014' });
  expect(isTransient(err)).toBe(false);
});

test('a lock that does not come in time is a transient error', async () => {
  const pool = open({ lockTimeoutMs: 50 });
  await db.pool.transaction(async (tx) => {
    await tx.query({ text: 'select from item where id = 1 for update' });
    const err = await failure(pool.query({ text: 'update item set n = n + 1 where id = 1' }));
    expect(err).toMatchObject({ code: '55P03' });
    expect(isTransient(err)).toBe(true);
  });
});

test('when all connections are in use, waiting for one ends with `unavailable`', async () => {
  const pool = open({ max: 1, connectTimeoutMs: 100 });
  // The same limit is for connecting, which takes longer on a slow machine: the connection is made beforehand.
  await until(() => backendOf(pool));
  await pool.transaction(async (tx) => {
    await tx.query({ text: 'select 1' });
    expect(pool.stats()).toMatchObject({ total: 1, idle: 0, waiting: 0 });
    const err = await failure(pool.query({ text: 'select 1' }));
    expect(err).toBeInstanceOf(ProblemError);
    expect(err).toMatchObject({ code: 'unavailable', status: 503, retryAfter: 1, outcomeUnknown: false });
    expect(isTransient(err)).toBe(true);
  });
  expect(await backendOf(pool)).toBeGreaterThan(0);
});

test('a database that is not there is `unavailable`', async () => {
  // Port 1 needs privileges that a database server never has.
  const pool = open({ url: 'postgres://nobody@127.0.0.1:1/none', recoveryWaitMs: 200 });
  const attempts = [pool.query({ text: 'select 1' }), pool.transaction(async () => {}), pool.ping(), pool.dedicated()];
  for (const err of await Promise.all(attempts.map(failure))) {
    expect(err).toBeInstanceOf(DatabaseUnavailable);
    expect(isTransient(err)).toBe(true);
  }
});

test('requests wait while a database restarts, and a check of its availability is answered at once', async () => {
  const target = new URL(db.url);
  const passing = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => socket.destroy());
  });
  const port = await listen(passing);
  await new Promise((resolve) => passing.close(resolve));
  const pool = open({ url: Object.assign(new URL(db.url), { port: String(port) }).href, recoveryWaitMs: 20_000 });
  const waiting = [pool.query({ text: 'select 1' }), pool.transaction((tx) => tx.query({ text: 'select 1' }))];
  expect(await failure(pool.ping())).toBeInstanceOf(DatabaseUnavailable);
  passing.listen(port, '127.0.0.1');
  expect((await Promise.all(waiting)).map(({ rowCount }) => rowCount)).toEqual([1, 1]);
  await pool.end();
  passing.close();
});

test('a database that stays unavailable is waited for once, and not by everybody again', async () => {
  const { port, attempts, close } = await refusingServer();
  const pool = open({ url: `postgres://nobody@127.0.0.1:${port}/none`, recoveryWaitMs: 300 });
  await failure(pool.query({ text: 'select 1' }));
  // Once it has been unavailable for four waits, each is refused by the first answer.
  await sleep(4 * 300 + 100);
  const later = attempts();
  await Promise.all([1, 2, 3].map(() => failure(pool.query({ text: 'select 1' }))));
  expect(attempts()).toBe(later + 3);
  close();
});

test('of what waits for a database only a bounded number waits, and the rest is refused at once with Retry-After', async () => {
  const { port, close } = await refusingServer();
  const url = `postgres://nobody@127.0.0.1:${port}/none`;
  const pool = open({ url, recoveryWaitMs: 2000, maxRecoveryWaiting: 2 });
  const settled: string[] = [];
  const ask = (name: string) => failure(pool.query({ text: 'select 1' })).finally(() => settled.push(name));
  const waiting = [ask('first'), ask('second')];
  await until(() => pool.stats().recovering === 2);
  expect(await ask('third')).toMatchObject({ code: 'unavailable', retryAfter: 1, outcomeUnknown: false });
  expect(settled).toEqual(['third']);
  await Promise.all(waiting);
  close();
});

test('what waits for a database that is silent is not a queue, and goes on when that answers again', async () => {
  const proxy = await silenceableProxy(new URL(db.url));
  const pool = open({ url: proxy.url, max: 1, connectTimeoutMs: 2000, recoveryWaitMs: 60_000 });
  await pool.query({ text: 'select 1' });
  proxy.silence();
  const held = failure(pool.query({ text: 'select 1' }));
  const waiting = pool.query({ text: 'select 2 as n' });
  await sleep(1200);
  expect(pool.stats().queuedMs).toBe(0);
  // Past the wait for a free connection: that counts only while the database answers others.
  await until(() => pool.stats().recovering === 1);
  proxy.restore();
  expect(await held).toMatchObject({ connectionLost: true });
  expect((await waiting).rows).toEqual([{ n: 2 }]);
  expect(pool.stats().queuedMs).toBe(0);
  await pool.end();
  await proxy.close();
});

test('a server that accepts a connection but never answers counts as unavailable', async () => {
  const mute = createServer(() => {});
  const port = await listen(mute);
  const pool = open({ url: `postgres://nobody@127.0.0.1:${port}/none`, connectTimeoutMs: 100, recoveryWaitMs: 300 });
  expect(isTransient(await failure(pool.query({ text: 'select 1' })))).toBe(true);
  mute.close();
});

test('a connection that is cut off while idle is logged and replaced', async () => {
  const { log, lines } = recordingLog();
  const pool = open({ max: 1, log });
  const pid = await backendOf(pool);
  await db.pool.query({ text: 'select pg_terminate_backend($1)', values: [pid] });
  await until(() => lines.some((line) => line.msg.includes('idle connection')));
  const next = await backendOf(pool);
  expect(next).toBeGreaterThan(0);
  expect(next).not.toBe(pid);
});

test('a connection that is cut off in the middle of a statement fails it as transient and is replaced', async () => {
  const pool = open({ max: 1 });
  const pid = await backendOf(pool);
  const sleeping = failure(pool.query({ text: 'select pg_sleep(20)' }));
  await until(async () => {
    const { rowCount } = await db.pool.query({
      text: `select from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'`,
      values: [pid],
    });
    return rowCount === 1;
  });
  await db.pool.query({ text: 'select pg_terminate_backend($1)', values: [pid] });
  expect(isTransient(await sleeping)).toBe(true);
  expect(await backendOf(pool)).not.toBe(pid);
});

test('a plan that a migration made invalid costs one transient error, not the connection for ever', async () => {
  const pool = open({ max: 1 });
  await db.pool.query({ text: 'create table shape (a int)' });
  const all = sql('shape.all', 'select * from shape');
  await pool.query(all());
  await db.pool.query({ text: 'alter table shape add b int' });
  expect(isTransient(await failure(pool.query(all())))).toBe(true);
  await expect(pool.query(all())).resolves.toMatchObject({ rows: [] });
  await db.pool.query({ text: 'alter table shape add c int' });
  expect(isTransient(await failure(pool.transaction((tx) => tx.query(all()))))).toBe(true);
  await expect(pool.transaction((tx) => tx.query(all()))).resolves.toMatchObject({ rows: [] });
});

test('a connection on which the network is silent is closed, and its statement fails as transient', async () => {
  const proxy = await silenceableProxy(new URL(db.url));
  const client = new pg.Client(proxy.url);
  await client.connect();
  await client.query('select 1');
  proxy.silence();
  const sessions = createConnectionExecutor('silent', 200);
  sessions.watch(client);
  const err = await failure(sessions.run(client, { text: 'select 1' }, true));
  expect(err).toMatchObject({ code: 'unavailable', outcomeUnknown: true });
  expect(sessions.isBroken(client)).toBe(true);
  await proxy.close();
});

test('a dedicated connection receives notifications, and reports when it is lost', async () => {
  const pool = open();
  const client = await pool.dedicated();
  const heard: string[] = [];
  client.onNotification((channel, payload) => heard.push(`${channel}:${payload}`));
  await client.query({ text: 'listen wake' });
  await pool.query({ text: `select pg_notify('wake', 'now')` });
  await until(() => heard.length > 0);
  expect(heard).toEqual(['wake:now']);

  const broken: Error[] = [];
  client.onBroken((err) => broken.push(err));
  const { rows } = await client.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid' });
  await pool.query({ text: 'select pg_terminate_backend($1)', values: [rows[0]?.pid] });
  await until(() => broken.length > 0);
  let late = 0;
  client.onBroken(() => {
    late++;
  });
  expect(late).toBe(1);
  expect(isTransient(await failure(client.query({ text: 'select 1' })))).toBe(true);
  await client.release();
  expect(broken).toHaveLength(1);
});

test('releasing a dedicated connection gives its advisory lock to the next, without a word of being broken', async () => {
  const pool = open();
  const first = await pool.dedicated();
  const second = await pool.dedicated();
  const lock = { text: 'select pg_try_advisory_lock(42) as held' };
  let broken = false;
  first.onBroken(() => {
    broken = true;
  });
  expect((await first.query(lock)).rows).toEqual([{ held: true }]);
  expect((await second.query(lock)).rows).toEqual([{ held: false }]);
  await first.release();
  await until(async () => (await second.query<{ held: boolean }>(lock)).rows[0]?.held);
  await second.release();
  expect(broken).toBe(false);
});

test('ending a pool lets what is running finish, and may be done twice', async () => {
  const pool = open();
  const running = pool.query({ text: 'select pg_sleep(0.05)' });
  await until(() => pool.stats().total === 1 && pool.stats().idle === 0);
  await Promise.all([pool.end(), pool.end()]);
  await expect(running).resolves.toMatchObject({ rowCount: 1 });
  await expect(pool.query({ text: 'select 1' })).rejects.toBeInstanceOf(DatabaseUnavailable);
});

test('statement names that PostgreSQL would cut are refused', () => {
  expect(() => sql('x'.repeat(64), 'select 1')).toThrow(RangeError);
});

/** A server that ends each connection at once. */
async function refusingServer(): Promise<{ port: number; attempts(): number; close(): void }> {
  let attempts = 0;
  const server = createServer((socket) => {
    attempts++;
    socket.resetAndDestroy();
  });
  return { port: await listen(server), attempts: () => attempts, close: () => void server.close() };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** Passes everything on to a database until it is silenced: then it swallows, as a network does that has gone. */
async function silenceableProxy(
  target: URL,
): Promise<{ url: string; silence(): void; restore(): void; close(): Promise<unknown> }> {
  let silenced = false;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    near.on('data', (chunk) => silenced || far.write(chunk));
    far.on('data', (chunk) => silenced || near.write(chunk));
    open.add(near);
    for (const socket of [near, far]) socket.on('error', () => socket.destroy());
    near.on('close', () => {
      open.delete(near);
      far.destroy();
    });
  });
  const url = new URL(target);
  url.port = String(await listen(server));
  return {
    url: url.href,
    silence: () => {
      silenced = true;
    },
    restore: () => {
      silenced = false;
      for (const socket of open) socket.resetAndDestroy();
    },
    close: () => once(server.close(), 'close'),
  };
}

test('reports how long the last to be given a connection has waited for it', async () => {
  const pool = open({ max: 1 });
  await Promise.all([pool.query({ text: 'select pg_sleep(0.2)' }), pool.query({ text: 'select 1' })]);
  expect(pool.stats().waitedMs).toBeGreaterThan(150);
  // Nobody is before this one; on a slow machine even that takes a moment now and then.
  await until(async () => {
    await pool.query({ text: 'select 1' });
    return pool.stats().waitedMs < 150;
  });
});

test('reports how long there has been a queue', async () => {
  const pool = open({ max: 1 });
  const first = pool.query({ text: 'select pg_sleep(0.2)' });
  await until(() => pool.stats().total === 1);
  expect(pool.stats().queuedMs).toBe(0);
  const rest = Promise.all([pool.query({ text: 'select pg_sleep(0.2)' }), pool.query({ text: 'select 1' })]);
  await first;
  expect(pool.stats().queuedMs).toBeGreaterThan(100);
  await rest;
  expect(pool.stats().queuedMs).toBe(0);
});
