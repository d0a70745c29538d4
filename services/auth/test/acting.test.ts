import { until } from '@tradepost/testing/until';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type Auth, cookieOf, ORIGIN, PASSWORD, type Someone, startAuth } from './client.ts';
import { eventsOf } from './mails.ts';

let auth: Auth;
let admin: Someone;
let customer: Someone;
beforeAll(async () => {
  auth = await startAuth();
  admin = await auth.someone({ role: 'admin' });
  customer = await auth.someone();
});
afterAll(() => auth.stop());

const assign = (id: string, role: string, staffRole?: string) =>
  auth.ask('PUT', `admin/accounts/${id}/role`, { body: { role, staffRole }, headers: admin.bearer });
const actAs = (who: Pick<Someone, 'bearer'>, id: string) =>
  auth.post(`admin/accounts/${id}/act-as`, { headers: who.bearer });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const codeOf = ({ status, body }: Answer) => [status, body.code];
const isOpen = async (token: string) => (await auth.get('get-session', bearer(token))).status === 200;

async function support(): Promise<Someone> {
  const someone = await auth.someone();
  await assign(someone.id, 'staff', 'support');
  return someone;
}

test('an operator acts as a customer: the token names both, and ends within the hour', async () => {
  const operator = await support();
  const { status, body } = await actAs(operator, customer.id);
  expect([status, body.user]).toMatchObject([201, { id: customer.id, role: 'customer' }]);
  const { rows } = await auth.pool.query({
    text: `select expires_at <= now() + interval '1 hour' as is_short from session where operator_id = $1`,
    values: [operator.id],
  });
  expect(rows).toEqual([{ is_short: true }]);
  const claims = decodeJwt((await auth.get('token', bearer(body.token))).body.token);
  expect(claims).toMatchObject({ sub: customer.id, role: 'customer', act: { sub: operator.id } });
  const session = await auth.get('get-session', bearer(body.token));
  expect(session.body).toMatchObject({ user: { id: customer.id }, operator: { id: operator.id, name: 'Some One' } });
  // The customer's own are as they were.
  const own = await auth.get('sessions', customer.bearer);
  expect(own.body.items).toHaveLength(1);
  expect((await auth.get('get-session', customer.bearer)).body).toMatchObject({ operator: null });
});

test('what is the customer’s alone is closed, by the session and by its access token', async () => {
  const { token } = (await actAs(admin, customer.id)).body;
  const passwords = { currentPassword: PASSWORD, newPassword: 'another perfectly fine one' };
  const closed = [
    ['POST', 'change-password', passwords],
    ['POST', 'change-email', { newEmail: 'new@example.com', currentPassword: PASSWORD }],
    ['POST', 'send-verification-email', undefined],
    ['POST', 'update-user', { name: 'Other' }],
    ['GET', 'sessions', undefined],
    ['DELETE', 'sessions', undefined],
    ['DELETE', `sessions/${customer.id}`, undefined],
    ['GET', 'api-keys', undefined],
    ['POST', 'api-keys', { name: 'key' }],
    ['DELETE', `api-keys/${customer.id}`, undefined],
    ['GET', 'admin/accounts', undefined],
    ['POST', `admin/accounts/${customer.id}/act-as`, undefined],
  ] as const;
  for (const [method, path, body] of closed) {
    const answer = await auth.ask(method, path, { body, headers: bearer(token) });
    expect([path, ...codeOf(answer)]).toEqual([path, 403, 'forbidden']);
  }
});

test('only customers are acted as, by who may', async () => {
  const operator = await support();
  const [packer, seller, banned] = [await auth.someone(), await auth.someone({ role: 'seller' }), await auth.someone()];
  await assign(packer.id, 'staff', 'packer');
  const ban = { body: { reason: 'fraud' }, headers: admin.bearer };
  await auth.ask('PUT', `admin/accounts/${banned.id}/ban`, ban);
  for (const { id } of [admin, packer, seller, operator, banned]) {
    expect(codeOf(await actAs(operator, id))).toEqual([409, 'conflict']);
  }
  expect(codeOf(await actAs(packer, customer.id))).toEqual([403, 'forbidden']);
  expect((await actAs(operator, '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11')).status).toBe(404);
});

test('it ends when the operator stops, who goes on with their own session', async () => {
  const operator = await support();
  const begun = await auth.post(`admin/accounts/${customer.id}/act-as`, {
    headers: { cookie: operator.cookie, origin: ORIGIN },
  });
  const waiting = begun.headers.getSetCookie().find((cookie) => cookie.includes('operator_session')) ?? '';
  expect(waiting).toMatch(/HttpOnly; SameSite=Lax/);
  expect(waiting).toContain('Path=/api/v1/auth/stop-acting');
  const cookie = `${cookieOf(begun)}; ${waiting.split(';', 1)[0]}`;
  const stopped = await auth.post('stop-acting', { headers: { cookie, origin: ORIGIN } });
  expect([stopped.status, stopped.body.restored]).toEqual([200, true]);
  expect(await isOpen(begun.body.token)).toBe(false);
  const restored = await auth.get('get-session', { cookie: cookieOf(stopped) });
  expect(restored.body).toMatchObject({ user: { id: operator.id }, operator: null });
  const event = await until(() => eventsOf(auth, customer.id, 'session.revoked.v1').at(-1));
  expect(event.data).toMatchObject({ accountId: customer.id });
  // Somebody else who has signed in meanwhile does not become the operator.
  const other = await auth.post('stop-acting', {
    headers: { origin: ORIGIN, cookie: `${customer.cookie}; ${waiting.split(';', 1)[0]}` },
  });
  expect([other.body.restored, await isOpen(customer.token)]).toEqual([false, true]);
});

test('it ends with what it came from', async () => {
  const ends: Record<string, (operator: Someone, id: string) => Promise<unknown>> = {
    'another one': (operator) => actAs(operator, customer.id),
    'the role': (operator) => assign(operator.id, 'staff', 'packer'),
    'a ban': ({ id }) =>
      auth.ask('PUT', `admin/accounts/${id}/ban`, { body: { reason: 'gone' }, headers: admin.bearer }),
    'all sessions of the operator': ({ id }) =>
      auth.ask('DELETE', `admin/accounts/${id}/sessions`, { headers: admin.bearer }),
    'all other sessions of the operator': ({ bearer }) => auth.ask('DELETE', 'sessions', { headers: bearer }),
    'the operator signs out': ({ bearer }) => auth.post('sign-out', { headers: bearer }),
    'the operator ends the session': async ({ bearer }) => {
      const { session } = (await auth.get('get-session', bearer)).body;
      await auth.ask('DELETE', `sessions/${session.id}`, { headers: bearer });
    },
    'the customer becomes staff': (_, id) => assign(id, 'staff', 'packer'),
  };
  for (const [what, end] of Object.entries(ends)) {
    const [operator, target] = [await support(), await auth.someone()];
    const { token } = (await actAs(operator, target.id)).body;
    expect(await isOpen(token)).toBe(true);
    await end(operator, target.id);
    expect([what, await isOpen(token)]).toEqual([what, false]);
    // Under the account whose tokens the gateway keeps: the customer's.
    await until(() => eventsOf(auth, target.id, 'session.revoked.v1').length > 0, { what: `the event after ${what}` });
  }
});

test('an operator who signs out at the same moment does not go on as the customer', async () => {
  const operator = await support();
  let acting: Promise<Answer> | undefined;
  await auth.pool.transaction(async (tx) => {
    await tx.query({ text: 'delete from session where user_id = $1', values: [operator.id] });
    acting = actAs(operator, customer.id);
    const waits = `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%for share%'`;
    await Promise.race([acting, until(async () => (await auth.pool.query({ text: waits })).rows.length > 0)]);
  });
  expect(acting && codeOf(await acting)).toEqual([401, 'unauthenticated']);
});
