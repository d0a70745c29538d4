import { randomUUID } from 'node:crypto';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Auth, PASSWORD, startAuth } from './client.ts';

// The connection is cut in the middle of what belongs together, by a trigger that ends it, as a crash would.

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth();
  await auth.pool.query({
    text: `create function cut() returns trigger language plpgsql as $$
      begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(10); return null; end $$`,
  });
});
afterAll(() => auth.stop());
beforeEach(uncut);

const tables = ['credential', 'session', 'outbox', 'user_account'];

async function cutAt(table: string, operation: string): Promise<void> {
  await auth.pool.query({
    text: `create trigger cut before ${operation} on ${table} for each row execute function cut()`,
  });
}

async function uncut(): Promise<void> {
  for (const table of tables) await auth.pool.query({ text: `drop trigger if exists cut on ${table}` });
}

async function count(text: string, ...values: unknown[]): Promise<number> {
  const { rows } = await auth.pool.query<{ n: number }>({ text: `select count(*) as n from ${text}`, values });
  return rows[0]?.n ?? -1;
}

describe('a sign-up that is cut off', () => {
  test.each([
    ['before the account is announced', 'outbox'],
    ['before its password is stored', 'credential'],
    ['before its session is stored', 'session'],
  ])('%s leaves nothing, and can be repeated', async (_, table) => {
    const body = { name: 'Cut Off', email: `${randomUUID()}@example.com`, password: PASSWORD };
    await cutAt(table, 'insert');
    const answer = await auth.post('sign-up/email', { body });
    expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
    expect(await count('user_account where email = $1', body.email)).toBe(0);
    expect(await count('credential c where not exists (select from user_account u where u.id = c.user_id)')).toBe(0);
    const announced = () => auth.events.filter(({ data }) => 'email' in data && data.email === body.email);
    expect(announced()).toEqual([]);
    await uncut();
    expect((await auth.post('sign-up/email', { body })).status).toBe(200);
    expect((await auth.post('sign-in/email', { body: { email: body.email, password: PASSWORD } })).status).toBe(200);
    await until(() => announced().length === 1);
  });
});

test('a change of the password that is cut off changes nothing', async () => {
  const someone = await auth.someone();
  const body = { currentPassword: PASSWORD, newPassword: 'another fine passphrase' };
  for (const [table, operation] of [
    ['outbox', 'insert'],
    ['credential', 'update'],
    ['session', 'insert'],
  ] as const) {
    await cutAt(table, operation);
    const answer = await auth.post('change-password', { body, headers: someone.bearer });
    expect([table, answer.status]).toEqual([table, 503]);
    await uncut();
    expect((await auth.get('get-session', someone.bearer)).status).toBe(200);
  }
  expect((await auth.post('change-password', { body, headers: someone.bearer })).status).toBe(200);
});

test('every end of a session publishes an event', async () => {
  const someone = await auth.someone();
  await cutAt('outbox', 'insert');
  expect((await auth.post('sign-out', { headers: someone.bearer })).status).toBe(503);
  expect((await auth.ask('DELETE', 'sessions', { headers: someone.bearer })).status).toBe(200);
  await uncut();
  expect((await auth.get('get-session', someone.bearer)).status).toBe(200);
});

test('a ban that is cut off bans nobody', async () => {
  const admin = await auth.someone({ role: 'admin' });
  const someone = await auth.someone();
  const banning = () =>
    auth.ask('PUT', `admin/accounts/${someone.id}/ban`, { body: { reason: 'fraud' }, headers: admin.bearer });
  for (const [table, operation] of [
    ['session', 'delete'],
    ['outbox', 'insert'],
  ] as const) {
    await cutAt(table, operation);
    expect((await banning()).status).toBe(503);
    await uncut();
    expect(await count('user_account where banned')).toBe(0);
    expect((await auth.get('get-session', someone.bearer)).status).toBe(200);
  }
  expect((await banning()).status).toBe(200);
});
