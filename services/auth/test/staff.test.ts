import { randomUUID } from 'node:crypto';
import { until } from '@tradepost/testing/until';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Auth, type Someone, startAuth } from './client.ts';
import { eventsOf } from './mails.ts';

let auth: Auth;
let admin: Someone;
beforeAll(async () => {
  auth = await startAuth();
  admin = await auth.someone({ role: 'admin' });
});
afterAll(() => auth.stop());

const as = (who: Someone) => ({
  assign: (id: string, role: string, staffRole?: string) =>
    auth.ask('PUT', `admin/accounts/${id}/role`, { body: { role, staffRole }, headers: who.bearer }),
  save: (id: string, name: string, permissions: string[]) =>
    auth.ask('PUT', `admin/staff-roles/${id}`, { body: { name, permissions }, headers: who.bearer }),
  remove: (id: string) => auth.ask('DELETE', `admin/staff-roles/${id}`, { headers: who.bearer }),
  claims: async () => decodeJwt((await auth.get('token', who.bearer)).body.token),
});
const codeOf = ({ status, body }: Answer) => [status, body.code];

/** Somebody with a staff role of these permissions, and the role. */
async function member(...permissions: string[]): Promise<Someone & { roleId: string }> {
  const [someone, roleId] = [await auth.someone(), randomUUID()];
  expect((await as(admin).save(roleId, `Role ${roleId}`, permissions)).status).toBe(201);
  expect((await as(admin).assign(someone.id, 'staff', roleId)).status).toBe(200);
  return { ...someone, roleId };
}

describe('a staff role', () => {
  test('gives its permissions at once, and takes them at once', async () => {
    const packer = await auth.someone();
    expect((await as(admin).assign(packer.id, 'staff', 'packer')).body).toMatchObject({
      ...{ role: 'staff', staffRole: { id: 'packer', name: 'Packer' }, permissions: ['orders:read', 'orders:write'] },
    });
    expect(await as(packer).claims()).toMatchObject({ role: 'staff', permissions: ['orders:read', 'orders:write'] });
    const own = await member('orders:read', 'catalogue:write');
    expect(await as(own).claims()).toMatchObject({ role: 'staff', permissions: ['catalogue:write', 'orders:read'] });
    const changed = await as(admin).save(own.roleId, `Role ${own.roleId}`, ['orders:read']);
    expect(changed.body).toMatchObject({ permissions: ['orders:read'], holders: 1, readyMade: false });
    expect(await as(own).claims()).toMatchObject({ permissions: ['orders:read'] });
    // Consumers hear each time whether it may sell, with a version that rises.
    const status = await until(() => {
      const events = eventsOf(auth, own.id, 'account.status-changed.v1').map(({ data }) => data);
      return events.length === 2 ? events : undefined;
    });
    expect(status).toMatchObject([
      { role: 'seller', version: 1 },
      { role: 'customer', version: 2 },
    ]);
    expect((await as(admin).assign(own.id, 'customer')).body).toMatchObject({ staffRole: null, permissions: [] });
    expect(await as(own).claims()).not.toHaveProperty('permissions');
  });

  test('has a name of its own, and permissions that there are', async () => {
    const id = randomUUID();
    expect((await as(admin).save(id, 'Returns', ['orders:read'])).status).toBe(201);
    expect((await as(admin).save(id, 'Returns', ['orders:read', 'refunds:write'])).status).toBe(200);
    expect(codeOf(await as(admin).save(randomUUID(), 'RETURNS', ['orders:read']))).toEqual([409, 'conflict']);
    expect(codeOf(await as(admin).save(randomUUID(), 'packer', ['orders:read']))).toEqual([409, 'conflict']);
    expect((await as(admin).save(randomUUID(), 'Cook', ['orders:eat'])).status).toBe(400);
    expect((await as(admin).save(randomUUID(), 'Nobody', [])).status).toBe(400);
    const { body } = await auth.get('admin/staff-roles', admin.bearer);
    expect(body.items.map(({ name }) => name)).toEqual(expect.arrayContaining(['Packer', 'Returns']));
    expect((await as(admin).remove(id)).status).toBe(204);
    expect((await as(admin).remove(id)).status).toBe(404);
  });

  test('is asked for where it is needed', async () => {
    const { id } = await auth.someone();
    for (const [role, staffRole] of [['staff'], ['seller', 'packer'], ['staff', randomUUID()]] as const) {
      const refused = await as(admin).assign(id, role, staffRole);
      expect([refused.status, refused.body.errors[0]?.field]).toEqual([400, '/staffRole']);
    }
  });
});

describe('nobody', () => {
  test('gives or takes permissions that they do not hold', async () => {
    const chief = await member('staff:read', 'staff:write', 'accounts:write', 'orders:read');
    const [someone, packer, weaker] = [await auth.someone(), await auth.someone(), await member('orders:read')];
    await as(admin).assign(packer.id, 'staff', 'packer');
    for (const [role, staffRole] of [['admin'], ['staff', 'packer'], ['staff', 'bookkeeper']] as const) {
      expect(codeOf(await as(chief).assign(someone.id, role, staffRole))).toEqual([403, 'forbidden']);
    }
    for (const { id } of [admin, packer]) {
      expect(codeOf(await as(chief).assign(id, 'customer'))).toEqual([403, 'forbidden']);
      const ban = { body: { reason: 'coup' }, headers: chief.bearer };
      expect(codeOf(await auth.ask('PUT', `admin/accounts/${id}/ban`, ban))).toEqual([403, 'forbidden']);
      const sessions = await auth.ask('DELETE', `admin/accounts/${id}/sessions`, { headers: chief.bearer });
      expect(codeOf(sessions)).toEqual([403, 'forbidden']);
      const factors = await auth.ask('DELETE', `admin/accounts/${id}/second-factors`, { headers: chief.bearer });
      expect(codeOf(factors)).toEqual([403, 'forbidden']);
    }
    expect(codeOf(await as(chief).save(randomUUID(), 'More', ['audit:read']))).toEqual([403, 'forbidden']);
    expect(codeOf(await as(chief).save(chief.roleId, 'Mine', ['staff:write']))).toEqual([409, 'conflict']);
    const more = await member('audit:read');
    expect(codeOf(await as(chief).save(more.roleId, 'Less', ['orders:read']))).toEqual([403, 'forbidden']);
    expect(codeOf(await as(chief).assign(chief.id, 'customer'))).toEqual([409, 'conflict']);
    // What they hold, they give.
    expect((await as(chief).assign(someone.id, 'staff', weaker.roleId)).status).toBe(200);
    expect((await as(chief).assign(someone.id, 'seller')).status).toBe(200);
  });

  test('does anything by a permission that was removed', async () => {
    const chief = await member('staff:read', 'staff:write');
    await as(admin).save(chief.roleId, `Role ${chief.roleId}`, ['staff:read']);
    const { id } = await auth.someone();
    expect(codeOf(await as(chief).assign(id, 'seller'))).toEqual([403, 'forbidden']);
    expect((await auth.get('admin/staff-roles', chief.bearer)).status).toBe(200);
    expect((await auth.get('admin/accounts', chief.bearer)).status).toBe(403);
  });
});

describe('at once', () => {
  test('two admins take each other’s role: one stays', async () => {
    for (let round = 0; round < 3; round++) {
      const [one, other] = [await auth.someone({ role: 'admin' }), await auth.someone({ role: 'admin' })];
      const answers = await Promise.all([as(one).assign(other.id, 'customer'), as(other).assign(one.id, 'customer')]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    }
  });

  test('a role is deleted and given: either it is refused, or there is none', async () => {
    for (let round = 0; round < 3; round++) {
      const [{ id }, roleId] = [await auth.someone(), randomUUID()];
      await as(admin).save(roleId, `Role ${roleId}`, ['orders:read']);
      const [given, deleted] = await Promise.all([as(admin).assign(id, 'staff', roleId), as(admin).remove(roleId)]);
      expect([
        [200, 409],
        [400, 204],
      ]).toContainEqual([given.status, deleted.status]);
    }
  });

  test('somebody is demoted while they give a role: what they hold after the lock counts', async () => {
    const chief = await member('staff:write', 'orders:read');
    const weaker = await member('orders:read');
    const { id } = await auth.someone();
    const lock = await auth.pool.dedicated();
    try {
      await lock.query({ text: `select pg_advisory_lock(hashtextextended('tradepost.staff', 0))` });
      const giving = as(chief).assign(id, 'staff', weaker.roleId);
      const waits = { text: `select from pg_locks where locktype = 'advisory' and not granted` };
      await until(async () => (await auth.pool.query(waits)).rowCount === 1);
      await auth.pool.query({
        text: `update user_account set role = 'customer' where id = $1`,
        values: [chief.id],
      });
      await lock.query({ text: 'select pg_advisory_unlock_all()' });
      expect(codeOf(await giving)).toEqual([403, 'forbidden']);
    } finally {
      await lock.release();
    }
  });
});
