import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureAccount } from '../src/actions/ensure-account.ts';
import { sendEarlierBans } from '../src/actions/manage-accounts.ts';
import { createAnnounce } from '../src/store/account-events.ts';
import { lockAccount, setBan } from '../src/store/accounts.ts';
import { endSessions, insertSession } from '../src/store/sessions.ts';
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

test('only admins get in, whatever they ask', async () => {
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
  test('is in the next access token, and whoever keeps one hears of it', async () => {
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
    expect((await asAdmin('PUT', `/${admin.id}/role`, { role: 'customer' })).body.code).toBe('conflict');
  });
});

describe('the status', () => {
  const heard = (id: string) =>
    auth.events.flatMap((event) =>
      event.type === 'account.status-changed.v1' && event.subject === id ? [event.data] : [],
    );

  test('is sent with each change of role and ban, under a version that rises', async () => {
    const { id } = await auth.someone();
    const bannedUntil = new Date(Date.now() + 3_600_000).toISOString();
    await asAdmin('PUT', `/${id}/role`, { role: 'seller' });
    await asAdmin('PUT', `/${id}/ban`, { reason: 'fraud', until: bannedUntil });
    await asAdmin('DELETE', `/${id}/ban`);
    await until(() => heard(id).length === 3);
    expect(heard(id)).toEqual([
      { accountId: id, role: 'seller', banned: false, version: 1 },
      { accountId: id, role: 'seller', banned: true, bannedUntil, version: 2 },
      { accountId: id, role: 'seller', banned: false, version: 3 },
    ]);
  });

  test('is sent of those who were banned before it was', async () => {
    const { id } = await auth.someone();
    await auth.pool.query({ text: 'update user_account set banned = true where id = $1', values: [id] });
    const restarted = { pool: auth.pool, announce: createAnnounce(() => undefined) };
    expect(await sendEarlierBans(restarted)).toBe(1);
    expect(await sendEarlierBans(restarted)).toBe(0);
    await until(() => heard(id).length === 1);
    expect(heard(id)).toMatchObject([{ banned: true, version: 1 }]);
    await asAdmin('DELETE', `/${id}/ban`);
  });
});

describe('a ban', () => {
  test('ends what is open, and lets nothing be opened until it is lifted', async () => {
    const someone = await auth.someone();
    const { key } = (await auth.post('api-keys', { body: { name: 'k' }, headers: someone.bearer })).body;
    const byKey = { authorization: `Bearer ${key}` };
    const answer = await asAdmin('PUT', `/${someone.id}/ban`, { reason: 'fraud' });
    expect(answer.body).toMatchObject({ banned: true, banReason: 'fraud', bannedUntil: null });
    expect((await auth.get('get-session', someone.bearer)).status).toBe(401);
    expect((await auth.get('token', someone.bearer)).status).toBe(401);
    expect((await auth.get('token', byKey)).status).toBe(401);
    const refused = await signIn(someone.email);
    expect([refused.status, refused.body.code]).toEqual([403, 'account_suspended']);
    // Only who knows the password is told.
    const wrong = await auth.post('sign-in/email', { body: { email: someone.email, password: 'not the password' } });
    expect(wrong.status).toBe(401);
    expect((await asAdmin('GET', '?banned=true')).body.items.map(({ id }) => id)).toEqual([someone.id]);
    const types = () => auth.events.filter(({ subject }) => subject === someone.id).map(({ type }) => type);
    await until(() => types().includes('session.revoked.v1') && types().includes('account.changed.v1'));

    expect((await asAdmin('DELETE', `/${someone.id}/ban`)).body).toMatchObject({ banned: false, banReason: null });
    expect((await signIn(someone.email)).status).toBe(200);
    expect((await auth.get('token', byKey)).status).toBe(200);
  });

  test('for a time ends by itself', async () => {
    const someone = await auth.someone();
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const answer = await asAdmin('PUT', `/${someone.id}/ban`, { reason: 'cool down', until });
    expect(answer.body.bannedUntil).toBe(until);
    expect((await signIn(someone.email)).status).toBe(403);
    const text = `update user_account set ban_expires = now() - interval '1 second' where id = $1`;
    await auth.pool.query({ text, values: [someone.id] });
    expect((await signIn(someone.email)).status).toBe(200);
    expect((await asAdmin('GET', `/${someone.id}`)).body).toMatchObject({
      banned: false,
      banReason: null,
      bannedUntil: null,
    });
    const past = await asAdmin('PUT', `/${someone.id}/ban`, { reason: 'late', until: '2020-01-01T00:00:00Z' });
    expect(past.body.errors[0]?.field).toBe('/until');
    expect((await asAdmin('PUT', `/${admin.id}/ban`, { reason: 'oops' })).body.code).toBe('conflict');
  });

  test('is not outrun by a sign-in that is under way', async () => {
    const someone = await auth.someone();
    const now = new Date();
    const row = { id: uuidv7(), user_id: someone.id, token_hash: 'h'.repeat(43), ip_address: null, user_agent: null };
    const session = { ...row, expires_at: new Date(now.getTime() + 60_000), created_at: now, updated_at: now };
    let opening: Promise<boolean> | undefined;
    await auth.pool.transaction(async (tx) => {
      await lockAccount(tx, someone.id);
      await setBan(tx, someone.id, { reason: 'race', expires: null });
      let opened = false;
      opening = insertSession(auth.pool, session);
      opening.then(() => {
        opened = true;
      });
      const waiting = { text: `select from pg_locks where not granted and locktype in ('transactionid', 'tuple')` };
      await until(async () => opened || (await tx.query(waiting)).rowCount > 0);
      await endSessions(tx, someone.id);
    });
    expect(await opening).toBe(false);
    expect((await auth.get('get-session', someone.bearer)).status).toBe(401);
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
