import { until } from '@tradepost/testing/until';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Auth, startAuth } from './client.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth({ API_KEYS_PER_ACCOUNT: 3 });
});
afterAll(() => auth.stop());

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

test('a key is shown once, and stands for its account until it is revoked', async () => {
  const someone = await auth.someone({ role: 'seller' });
  const made = await auth.post('api-keys', { body: { name: 'warehouse' }, headers: someone.bearer });
  expect(made.status).toBe(201);
  const { key, id } = made.body;
  expect(key).toMatch(/^tpk_[A-Za-z0-9_-]{43}$/);
  expect(made.body).toMatchObject({ name: 'warehouse', start: key.slice(0, 12), expiresAt: null, lastUsedAt: null });

  const exchanged = await auth.get('token', bearer(key));
  expect(exchanged.status).toBe(200);
  expect(decodeJwt(exchanged.body.token)).toMatchObject({
    sub: someone.id,
    sid: id,
    role: 'seller',
    email: someone.email,
  });
  const list = await auth.get('api-keys', someone.bearer);
  expect(list.body.items).toMatchObject([{ id, name: 'warehouse' }]);
  expect(list.body.items[0]?.lastUsedAt).toMatch(/^\d{4}-/);
  expect(JSON.stringify(list.body)).not.toContain(key);
  const { rows } = await auth.pool.query<{ row: string }>({ text: 'select k::text as row from api_key k' });
  expect(rows.some(({ row }) => row.includes(key))).toBe(false);

  const stranger = await auth.someone();
  expect((await auth.ask('DELETE', `api-keys/${id}`, { headers: stranger.bearer })).status).toBe(404);
  expect((await auth.ask('DELETE', `api-keys/${id}`, { headers: someone.bearer })).status).toBe(204);
  expect((await auth.get('token', bearer(key))).status).toBe(401);
  expect((await auth.ask('DELETE', `api-keys/${id}`, { headers: someone.bearer })).status).toBe(404);
  const event = await until(() =>
    auth.events.find(({ type, subject }) => type === 'session.revoked.v1' && subject === someone.id),
  );
  expect(event.data).toEqual({ sessionId: id, accountId: someone.id });
});

test('a key only stands for its account at other services: it opens nothing here', async () => {
  const someone = await auth.someone({ role: 'admin' });
  const { key } = (await auth.post('api-keys', { body: { name: 'one' }, headers: someone.bearer })).body;
  for (const path of ['get-session', 'sessions', 'api-keys', 'admin/accounts']) {
    expect((await auth.get(path, bearer(key))).status).toBe(401);
  }
  expect((await auth.post('api-keys', { body: { name: 'two' }, headers: bearer(key) })).status).toBe(401);
  const jwt = (await auth.get('token', bearer(key))).body.token;
  expect((await auth.get('get-session', bearer(jwt))).status).toBe(401);
});

test('a key may do less than its owner, and never more than they may now', async () => {
  const [admin, someone] = [await auth.someone({ role: 'admin' }), await auth.someone()];
  const assign = (role: string, staffRole?: string) =>
    auth.ask('PUT', `admin/accounts/${someone.id}/role`, { body: { role, staffRole }, headers: admin.bearer });
  await assign('staff', 'support');
  const create = (body: object, who = someone) => auth.post('api-keys', { body, headers: who.bearer });
  const rightsOf = async (key: string) => {
    const { role, permissions, read_only } = decodeJwt((await auth.get('token', bearer(key))).body.token);
    return { role, permissions, read_only };
  };
  const some = await create({ name: 'some', permissions: ['orders:read', 'refunds:write'], readOnly: true });
  expect(some.body).toMatchObject({ permissions: ['orders:read', 'refunds:write'], readOnly: true });
  const all = (await create({ name: 'all' })).body;
  expect(all).toMatchObject({ permissions: null, readOnly: false });
  const more = await create({ name: 'more', permissions: ['orders:read', 'audit:read'] });
  expect([more.status, more.body.code]).toEqual([403, 'forbidden']);
  expect((await create({ name: 'none', permissions: [] })).status).toBe(400);
  const read = { role: 'staff', read_only: true };
  expect(await rightsOf(some.body.key)).toEqual({ ...read, permissions: ['orders:read', 'refunds:write'] });
  await assign('staff', 'packer');
  expect(await rightsOf(some.body.key)).toEqual({ ...read, permissions: ['orders:read'] });
  expect(await rightsOf(all.key)).toEqual({ role: 'staff', permissions: ['orders:read', 'orders:write'] });
  await assign('seller');
  expect(await rightsOf(some.body.key)).toEqual({ ...read, permissions: [] });
  expect(await rightsOf(all.key)).toEqual({ role: 'seller' });
  const admins = await create({ name: 'one', permissions: ['audit:read'] }, admin);
  expect(await rightsOf(admins.body.key)).toEqual({ role: 'staff', permissions: ['audit:read'] });
});

test('when it was last used is written once a minute, not at each use', async () => {
  const someone = await auth.someone();
  const { key, id } = (await auth.post('api-keys', { body: { name: 'one' }, headers: someone.bearer })).body;
  const lastUsed = async () => {
    const text = `select last_used_at, xmin::text from api_key where id = $1`;
    return (await auth.pool.query({ text, values: [id] })).rows[0];
  };
  await auth.get('token', bearer(key));
  const first = await lastUsed();
  await Promise.all([1, 2, 3].map(() => auth.get('token', bearer(key))));
  expect(await lastUsed()).toEqual(first);
  const age = { text: `update api_key set last_used_at = now() - interval '2 minutes' where id = $1`, values: [id] };
  await auth.pool.query(age);
  const old = await lastUsed();
  await auth.get('token', bearer(key));
  expect(await lastUsed()).not.toEqual(old);
});

test('expires at the time that was asked for', async () => {
  const someone = await auth.someone();
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const { key, id } = (await auth.post('api-keys', { body: { name: 'one', expiresAt }, headers: someone.bearer })).body;
  expect((await auth.get('token', bearer(key))).status).toBe(200);
  await auth.pool.query({ text: 'update api_key set expires_at = now() where id = $1', values: [id] });
  expect((await auth.get('token', bearer(key))).status).toBe(401);
  for (const never of ['2020-01-01T00:00:00Z', '2030-12-31T23:59:60Z', 'tomorrow']) {
    const refused = await auth.post('api-keys', { body: { name: 'two', expiresAt: never }, headers: someone.bearer });
    expect([refused.status, refused.body.errors[0]?.field]).toEqual([400, '/expiresAt']);
  }
});

test('an account has only so many, however many are asked for at once', async () => {
  const { bearer: headers } = await auth.someone();
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) => auth.post('api-keys', { body: { name: `key ${i}` }, headers })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409, 409, 409, 409, 409]);
});
