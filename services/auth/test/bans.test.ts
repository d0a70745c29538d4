import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendEarlierBans } from '../src/actions/manage-accounts.ts';
import { setBan } from '../src/store/account-changes.ts';
import { lockAccount } from '../src/store/accounts.ts';
import { endSessions } from '../src/store/ended-sessions.ts';
import { insertSession } from '../src/store/sessions.ts';
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

describe('the status', () => {
  const eventsOf = (id: string) =>
    auth.events.flatMap((event) =>
      event.type === 'account.status-changed.v1' && event.subject === id ? [event.data] : [],
    );

  test('is sent with each change of role and ban, under a version that rises', async () => {
    const { id } = await auth.someone();
    const bannedUntil = new Date(Date.now() + 3_600_000).toISOString();
    await asAdmin('PUT', `/${id}/role`, { role: 'seller' });
    await asAdmin('PUT', `/${id}/ban`, { reason: 'fraud', until: bannedUntil });
    await asAdmin('DELETE', `/${id}/ban`);
    await until(() => eventsOf(id).length === 3);
    expect(eventsOf(id)).toEqual([
      { accountId: id, role: 'seller', banned: false, version: 1 },
      { accountId: id, role: 'seller', banned: true, bannedUntil, version: 2 },
      { accountId: id, role: 'seller', banned: false, version: 3 },
    ]);
  });

  test('is sent of those who were banned before it was', async () => {
    const { id } = await auth.someone();
    await auth.pool.query({ text: 'update user_account set banned = true where id = $1', values: [id] });
    const restarted = { pool: auth.pool };
    expect(await sendEarlierBans(restarted)).toBe(1);
    expect(await sendEarlierBans(restarted)).toBe(0);
    await until(() => eventsOf(id).length === 1);
    expect(eventsOf(id)).toMatchObject([{ banned: true, version: 1 }]);
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
    for (const own of [admin.id, admin.id.toUpperCase()])
      expect((await asAdmin('PUT', `/${own}/ban`, { reason: 'oops' })).body.code).toBe('conflict');
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
      opening = insertSession(auth.pool, session, { secondFactorShown: false });
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
