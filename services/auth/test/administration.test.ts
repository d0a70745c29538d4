import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from '@tradepost/testing/until';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureAccount } from '../src/actions/ensure-account.ts';
import { type Auth, PASSWORD, type Someone, startAuth } from './client.ts';

let auth: Auth;
let admin: Someone;
beforeAll(async () => {
  auth = await startAuth();
  admin = await auth.someone({ role: 'admin' });
});
afterAll(() => auth.stop());

const asAdmin = (method: string, path: string, body?: unknown) =>
  auth.ask(method, `admin/accounts${path}`, { body, headers: admin.bearer });
const signIn = (email: string) => auth.post('sign-in/email', { body: { email, password: PASSWORD } });

test('only admins get in, by every route', async () => {
  const [customer, seller] = [await auth.someone(), await auth.someone({ role: 'seller' })];
  for (const { bearer, id } of [customer, seller]) {
    for (const [method, path, body] of [
      ['GET', 'admin/accounts', undefined],
      ['GET', `admin/accounts/${id}`, undefined],
      ['PUT', `admin/accounts/${id}/role`, { role: 'admin' }],
      ['PUT', `admin/accounts/${admin.id}/ban`, { reason: 'coup' }],
      ['DELETE', `admin/accounts/${id}/ban`, undefined],
      ['DELETE', `admin/accounts/${admin.id}/sessions`, undefined],
    ] as const) {
      expect((await auth.ask(method, path, { body, headers: bearer })).body.code).toBe('forbidden');
      expect((await auth.ask(method, path, { body })).body.code).toBe('unauthenticated');
    }
  }
  expect((await auth.get('get-session', admin.bearer)).status).toBe(200);
});

test('admins, by their session, and nobody else see how messages flow', async () => {
  const ask = (headers: Record<string, string> = {}) => fetch(`${auth.url}/api/v1/admin/auth/messaging`, { headers });
  const answer = await ask(admin.bearer);
  expect([answer.status, await answer.json()]).toMatchObject([200, { queue: null, deadLetters: 0 }]);
  expect((await ask((await auth.someone({ role: 'seller' })).bearer)).status).toBe(403);
  expect((await ask()).status).toBe(401);
});

test('accounts are listed, newest first, by role, ban and address', async () => {
  const seller = await auth.someone({ role: 'seller' });
  const list = await asAdmin('GET', '?limit=1');
  expect(list.body.items.map(({ id }) => id)).toEqual([seller.id]);
  const next = await asAdmin('GET', `?limit=100&cursor=${list.body.nextCursor}`);
  expect(next.body.items.map(({ id }) => id)).toContain(admin.id);
  expect(next.body.items.map(({ id }) => id)).not.toContain(seller.id);
  expect((await asAdmin('GET', '?role=seller&limit=1')).body.items[0]?.id).toBe(seller.id);
  const byEmail = await asAdmin('GET', `?email=${seller.email.toUpperCase()}`);
  expect(byEmail.body.items.map(({ email }) => email)).toEqual([seller.email]);
  expect((await asAdmin('GET', `?email=${seller.email}&role=admin`)).body.items).toEqual([]);
  expect((await asAdmin('GET', `?banned=true`)).body.items).toEqual([]);
  expect((await asAdmin('GET', '?role=king')).body.errors[0]?.field).toBe('?role');
  expect((await asAdmin('GET', `/${seller.id}`)).body).toMatchObject({ id: seller.id, role: 'seller', banned: false });
  expect((await asAdmin('GET', '/01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11')).status).toBe(404);
});

describe('the role', () => {
  test('is in the next access token, and the other services get it by event', async () => {
    const someone = await auth.someone();
    const answer = await asAdmin('PUT', `/${someone.id}/role`, { role: 'seller' });
    expect([answer.status, answer.body.role]).toEqual([200, 'seller']);
    expect(decodeJwt((await auth.get('token', someone.bearer)).body.token).role).toBe('seller');
    const event = await until(() =>
      auth.events.find(({ type, subject }) => type === 'account.changed.v1' && subject === someone.id),
    );
    expect(event.data).toEqual({ accountId: someone.id, role: 'seller' });
  });

  test('is one of three, of somebody there, and not one’s own', async () => {
    const someone = await auth.someone();
    expect((await asAdmin('PUT', `/${someone.id}/role`, { role: 'king' })).body.errors[0]?.field).toBe('/role');
    expect((await asAdmin('PUT', `/${someone.id}/role`, { role: 'seller', banned: true })).status).toBe(400);
    expect((await asAdmin('PUT', '/01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11/role', { role: 'seller' })).status).toBe(404);
    for (const own of [admin.id, admin.id.toUpperCase()])
      expect((await asAdmin('PUT', `/${own}/role`, { role: 'customer' })).body.code).toBe('conflict');
  });
});

test('all sessions of an account are ended', async () => {
  const someone = await auth.someone();
  await signIn(someone.email);
  expect((await asAdmin('DELETE', `/${someone.id}/sessions`)).body.revoked).toBe(2);
  expect((await auth.get('get-session', someone.bearer)).status).toBe(401);
  expect((await signIn(someone.email)).status).toBe(200);
});

describe('without an admin', () => {
  test('a command appoints the first', async () => {
    const someone = await auth.someone();
    const script = fileURLToPath(new URL('../src/grant-role.ts', import.meta.url));
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, [script, ...args], {
        env: { ...process.env, DATABASE_URL: auth.databaseUrl },
      });
    const { stdout } = await run(someone.email.toUpperCase(), 'admin');
    expect(stdout).toBe(`${someone.email} is admin now\n`);
    expect((await auth.get('admin/accounts', someone.bearer)).status).toBe(200);
    await expect(run('nobody@example.com', 'admin')).rejects.toMatchObject({ code: 1 });
    await expect(run(someone.email, 'king')).rejects.toMatchObject({ code: 2 });
  });

  test('a run brings its own accounts, as often as it likes', async () => {
    const wanted = {
      email: 'Demo@Tradepost.example',
      name: 'Demo',
      password: 'tradepost-demo',
      role: 'seller',
    } as const;
    const first = await ensureAccount(auth.pool, wanted);
    expect(first.created).toBe(true);
    const again = await ensureAccount(auth.pool, {
      ...wanted,
      role: 'admin',
      password: 'tradepost-other',
      name: 'Other',
    });
    expect(again).toEqual({ accountId: first.accountId, created: false });
    const answer = await auth.post('sign-in/email', { body: { email: wanted.email, password: wanted.password } });
    expect(answer.body.user).toMatchObject({ id: first.accountId, name: 'Demo', role: 'admin' });
    await until(() =>
      auth.events.find(({ type, subject }) => type === 'account.created.v1' && subject === first.accountId),
    );
    const many = await Promise.all(
      Array.from({ length: 3 }, () => ensureAccount(auth.pool, { ...wanted, email: 'demo2@tradepost.example' })),
    );
    expect(many.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(many.map(({ accountId }) => accountId)).size).toBe(1);
  });
});
