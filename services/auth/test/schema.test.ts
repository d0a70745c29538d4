import { readFile } from 'node:fs/promises';
import { dumpSchema } from '@tradepost/postgres/dump-schema';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { betterAuthOptions } from '../src/actions/better-auth-options.ts';
import { authService } from '../src/service.ts';
import { SECRET } from './client.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(authService.migrations);
});
afterAll(() => database.drop());

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');

test('schema.sql is what the migrations come to', async () => {
  expect(await dumpSchema(database.pool)).toBe(await read('../schema.sql'));
});

test('the tables of messaging are those of every service', async () => {
  expect(await read('../migrations/0001_messaging.sql')).toBe(
    await read('../../../packages/postgres/sql/messaging.sql'),
  );
});

test('better-auth finds nothing missing', async () => {
  const options = betterAuthOptions({
    secret: SECRET,
    publicUrl: 'http://localhost:8080',
    sessionSeconds: 600,
    refreshSeconds: 60,
    hasher: { hash: async () => '', verify: async () => false },
  });
  const plan = await getMigrations({ ...options, database: database.pool.raw });
  expect(plan.toBeCreated).toEqual([]);
  expect(plan.toBeAdded).toEqual([]);
  expect(plan.unsafeChanges).toEqual([]);
  expect(plan.schemaProblems).toEqual([]);
  expect(await plan.compileMigrations()).toBe(';');
});
