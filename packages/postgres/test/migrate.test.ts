import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from '@tradepost/testing/free-port';
import { emptyDatabase, type TestDatabase } from '@tradepost/testing/postgres';
import { until } from '@tradepost/testing/until';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removePostgres, startPostgres } from '../src/embedded.ts';
import { migrate } from '../src/migrate.ts';
import { MigrationError } from '../src/migration-files.ts';
import { recordingLog, silent } from './log.ts';

let db: TestDatabase;
let folder: string;

beforeEach(async () => {
  db = await emptyDatabase();
  folder = await mkdtemp(join(tmpdir(), 'tradepost-migrations-'));
  await write({ '0001_first.sql': 'create table first (n int);', '0002_second.sql': 'create table second (n int);' });
});

afterEach(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

function run(options: { log?: typeof silent; url?: string; waitMs?: number } = {}): Promise<string[]> {
  return migrate({ url: db.url, directory: pathToFileURL(folder), log: silent, ...options });
}

const applied = async () =>
  (await db.pool.query<{ name: string }>({ text: 'select name from schema_migration order by name' })).rows.map(
    (r) => r.name,
  );

test('applies what is new, in order, and says what it applied', async () => {
  await write({ 'schema.sql': 'not a migration', 'notes.md': 'nor this' });
  expect(await run()).toEqual(['0001_first.sql', '0002_second.sql']);
  expect(await run()).toEqual([]);
  await write({ '0010_third.sql': 'insert into first values (1); insert into second values (2);' });
  expect(await run()).toEqual(['0010_third.sql']);
  expect(await applied()).toEqual(['0001_first.sql', '0002_second.sql', '0010_third.sql']);
  expect((await db.pool.query({ text: 'select from second' })).rowCount).toBe(1);
});

test('several instances at once apply each migration once', async () => {
  await write({ '0003_third.sql': 'insert into first select 1 from pg_sleep(0.1)' });
  const results = await Promise.all([run(), run(), run(), run()]);
  expect(results.flat()).toHaveLength(3);
  expect((await db.pool.query({ text: 'select from first' })).rowCount).toBe(1);
});

test('waits for another instance, and says so', async () => {
  const other = await db.pool.dedicated();
  await run();
  await write({ '0003_third.sql': 'alter table first add m int' });
  await other.query({ text: 'begin' });
  await other.query({ text: 'lock table first' });
  const slow = run();
  const blocked = {
    text: `select from pg_stat_activity where datname = current_database() and wait_event = 'relation'`,
  };
  await until(async () => (await db.pool.query(blocked)).rowCount > 0);
  const { log, lines } = recordingLog();
  const waiting = run({ log });
  await until(() => lines.some((line) => line.msg.includes('another instance that migrates')));
  await other.release();
  expect(await slow).toEqual(['0003_third.sql']);
  expect(await waiting).toEqual([]);
});

test('a migration that fails leaves nothing behind, not even a part, and names file and line', async () => {
  await write({ '0003_bad.sql': 'create table third (n int);\ninsert into nowhere values (1);' });
  const err = await run().catch((reason) => reason);
  expect(err).toBeInstanceOf(MigrationError);
  expect(String(err)).toContain('0003_bad.sql:2');
  expect(await applied()).toEqual(['0001_first.sql', '0002_second.sql']);
  expect((await db.pool.query({ text: `select to_regclass('third') as t` })).rows).toEqual([{ t: null }]);
  await write({ '0003_bad.sql': 'create table third (n int);' });
  expect(await run()).toEqual(['0003_bad.sql']);
});

test('a migration and its record stand or fall together', async () => {
  await write({
    '0003_x.sql': `create table third (n int); insert into schema_migration values ('0003_x.sql', 'mine')`,
  });
  await expect(run()).rejects.toThrow(/0003_x.sql failed/);
  expect(await applied()).toEqual(['0001_first.sql', '0002_second.sql']);
  expect((await db.pool.query({ text: `select to_regclass('third') as t` })).rows).toEqual([{ t: null }]);
});

test('refuses an applied migration that was edited, and does not mind line endings', async () => {
  await run();
  await write({ '0001_first.sql': 'create table first (n bigint);' });
  await expect(run()).rejects.toThrow(/0001_first.sql has been edited/);
  await write({ '0001_first.sql': 'create table first (n int);', '0003_a.sql': 'select 1;\nselect 2;' });
  await run();
  await write({ '0003_a.sql': 'select 1;\r\nselect 2;' });
  expect(await run()).toEqual([]);
});

test('refuses an applied migration whose file is gone', async () => {
  await run();
  await rm(join(folder, '0002_second.sql'));
  await expect(run()).rejects.toThrow(/0002_second.sql was applied .* missing/);
});

test('refuses a number below one that is applied, and applies nothing', async () => {
  await write({ '0005_fifth.sql': 'select 1' });
  await run();
  await write({ '0004_late.sql': 'select 1', '0006_sixth.sql': 'select 1' });
  await expect(run()).rejects.toThrow(/0004_late.sql would come before 0005_fifth.sql/);
  expect(await applied()).not.toContain('0006_sixth.sql');
});

test.each(['3_third.sql', '0003-third.sql', '0003_Third.sql', '0003_.sql', 'third.sql'])(
  'refuses the name %s',
  async (name) => {
    await write({ [name]: 'select 1' });
    await expect(run()).rejects.toThrow(name);
  },
);

test('refuses a number that is used twice', async () => {
  await write({ '0002_other.sql': 'select 1' });
  await expect(run()).rejects.toThrow(/number is used already: 0002_second.sql/);
});

test('waits for a lock with a limit, so that others do not queue behind it for long, and tries again', async () => {
  await run();
  await write({ '0003_third.sql': `set local lock_timeout = '50ms'; alter table first add m int` });
  const { log, lines } = recordingLog();
  let migrated: Promise<string[]> | undefined;
  await db.pool.transaction(async (tx) => {
    await tx.query({ text: 'lock table first' });
    migrated = run({ log });
    await until(() => lines.some((line) => line.msg.includes('cannot migrate yet')));
  });
  expect(await migrated).toEqual(['0003_third.sql']);
});

test('gives up waiting for a database after the time it was given', async () => {
  await expect(run({ url: 'postgres://nobody@127.0.0.1:1/none', waitMs: 0 })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});

test('gives up a login that is refused after the time it was given', async () => {
  const url = new URL(db.url);
  url.password = 'wrong';
  await expect(run({ url: url.href, waitMs: 0 })).rejects.toMatchObject({ code: '28P01' });
});

test('waits, and says for what, for a login and a database that are not made yet', async () => {
  const name = `late_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(db.url);
  Object.assign(url, { username: name, password: 'late', pathname: `/${name}` });
  const { log, lines } = recordingLog();
  const said = (what: string) => () => lines.some((line) => line.msg.includes(`waiting for the database ${what}`));
  const migrated = run({ log, url: url.href });
  try {
    await until(said('for its login to be made'));
    await db.pool.query({ text: `create role ${name} login password 'late'` });
    await until(said('to be created'));
    await db.pool.query({ text: `create database ${name} owner ${name}` });
    expect(await migrated).toEqual(['0001_first.sql', '0002_second.sql']);
  } finally {
    await migrated.catch(() => undefined);
    await db.pool.query({ text: `drop database if exists ${name} with (force)` });
    await db.pool.query({ text: `drop role if exists ${name}` });
  }
});

test('waits, and says so, for a server that is not up yet', async () => {
  const directory = join(folder, 'pg');
  const options = { directory, log: silent, port: await freePort(), settings: { fsync: 'off' } };
  // Made first, so that its password is known while it is down.
  const server = await startPostgres(options);
  await server.stop();
  const { log, lines } = recordingLog();
  const migrated = run({ url: server.url('postgres'), log });
  await until(() => lines.some((line) => line.msg.includes('waiting for the database')));
  const late = await startPostgres(options);
  expect(await migrated).toEqual(['0001_first.sql', '0002_second.sql']);
  await late.stop();
  await removePostgres(directory);
});
