import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase, testDatabase } from '../src/postgres.ts';
import { poll, until } from '../src/until.ts';

const databases: TestDatabase[] = [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tradepost-testing-'));
});

afterAll(async () => {
  await Promise.all(databases.map((db) => db.drop()));
  await rm(folder, { recursive: true });
});

async function make(text: string): Promise<TestDatabase> {
  await writeFile(join(folder, '0001_item.sql'), text);
  const db = await testDatabase(pathToFileURL(folder));
  databases.push(db);
  return db;
}

/** Unlike any other run's, so that there is no template for it yet, even on a server that is used again and again. */
const migration = `create table item (n int); comment on table item is '${Date.now()}-${process.pid}'`;

test('asked for at once, each gets a migrated database of its own', async () => {
  const [a, b, c] = await Promise.all([make(migration), make(migration), make(migration)]);
  await a.pool.query({ text: 'insert into item values (1)' });
  expect((await a.pool.query({ text: 'select from item' })).rowCount).toBe(1);
  expect((await b.pool.query({ text: 'select from item' })).rowCount).toBe(0);
  expect(new Set([a.url, b.url, c.url]).size).toBe(3);
});

test('other migrations make another template', async () => {
  const db = await make(`${migration}; insert into item values (7)`);
  expect((await db.pool.query({ text: 'select n from item' })).rows).toEqual([{ n: 7 }]);
});

test('a dropped database is gone, even from under who is still connected', async () => {
  const db = await emptyDatabase();
  const client = await db.pool.dedicated();
  const name = new URL(db.url).pathname.slice(1);
  await db.drop();
  const other = await emptyDatabase();
  databases.push(other);
  const { rowCount } = await other.pool.query({ text: 'select from pg_database where datname = $1', values: [name] });
  expect(rowCount).toBe(0);
  await client.release();
});

test('until waits for what comes, passes it on, and says what never came', async () => {
  let calls = 0;
  const thrown = () => {
    if (++calls < 3) throw new Error('not yet');
    return 'here';
  };
  expect(await until(thrown)).toBe('here');
  await expect(poll(() => false, { limitMs: 5, what: 'the moon' })).rejects.toThrow('Waited in vain for the moon');
});
