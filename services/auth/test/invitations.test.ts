import { randomUUID } from 'node:crypto';
import { until } from '@tradepost/testing/until';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type Auth, cookieOf, PASSWORD, type Someone, startAuth } from './client.ts';
import { mailsTo, tokenTo } from './mails.ts';

let auth: Auth;
let admin: Someone;
beforeAll(async () => {
  auth = await startAuth();
  admin = await auth.someone({ role: 'admin' });
});
afterAll(() => auth.stop());

const address = () => `${randomUUID()}@example.com`;
const ask = (method: string, path: string, body?: unknown, who = admin) =>
  auth.ask(method, `admin/invitations${path}`, { body, headers: who.bearer });
const invite = (email: string, more: object = { role: 'staff', staffRole: 'packer' }, who = admin) =>
  ask('POST', '', { email, ...more }, who);
const accept = (body: object, headers: Record<string, string> = {}) =>
  auth.post('invitations/accept', { body, headers });
const codeOf = ({ status, body }: Answer) => [status, body.code];
const person = { name: 'Pat Packer', password: PASSWORD };

/** Somebody who may give roles, and read orders. */
async function chief(): Promise<Someone> {
  const [someone, id] = [await auth.someone(), randomUUID()];
  const body = { name: `Chief ${id}`, permissions: ['staff:read', 'staff:write', 'orders:read', 'orders:write'] };
  await auth.ask('PUT', `admin/staff-roles/${id}`, { body, headers: admin.bearer });
  await auth.ask('PUT', `admin/accounts/${someone.id}/role`, {
    ...{ body: { role: 'staff', staffRole: id }, headers: admin.bearer },
  });
  return someone;
}

test('an invitation makes an account with its role, once, and is nowhere readable', async () => {
  const email = address();
  const invited = await invite(email.toUpperCase());
  expect([invited.status, invited.body]).toMatchObject([
    201,
    { email, role: 'staff', staffRole: 'packer', expired: false, invitedBy: { id: admin.id } },
  ]);
  const token = await tokenTo(auth, email, 'invitation');
  const [mail] = mailsTo(auth, email, 'invitation');
  expect(mail).toMatchObject({ path: '/invitations/accept' });
  expect(mail).not.toHaveProperty('accountId');
  const stored = await auth.pool.query<{ row: string }>({ text: 'select i::text as row from invitation i' });
  expect(stored.rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(stored.rows)).not.toContain(token);
  const shown = await auth.post('invitations/look-up', { body: { token } });
  expect(shown.body).toMatchObject({ email, role: 'staff', roleName: 'Packer', hasAccount: false });
  expect((await accept({ token })).body.errors[0]?.field).toBe('/name');
  expect(codeOf(await accept({ token, name: 'Pat', password: 'password123' }))).toEqual([422, 'weak_password']);

  const answers = await Promise.all([1, 2, 3].map(() => accept({ token, ...person })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422].sort());
  const accepted = answers.find(({ status }) => status === 200);
  expect(accepted?.body.user).toMatchObject({ email, name: 'Pat Packer', role: 'staff', emailVerified: true });
  const session = await auth.get('get-session', { cookie: accepted ? cookieOf(accepted) : '' });
  expect(session.body).toMatchObject({ permissions: ['orders:read', 'orders:write'], operator: null });
  expect((await ask('GET', '')).body.items.filter((one) => one.email === email)).toEqual([]);
  const events = await until(() => {
    const found = auth.events.filter(({ subject }) => subject === accepted?.body.user.id).map(({ type }) => type);
    return found.includes('account.status-changed.v1') ? found : undefined;
  });
  expect(events).toContain('account.created.v1');
  expect(mailsTo(auth, email, 'verify_email')).toEqual([]);
});

test('the account of the address gets the role by its own session, and nobody else’s', async () => {
  const [someone, stranger] = [await auth.someone(), await auth.someone()];
  await invite(someone.email);
  const token = await tokenTo(auth, someone.email, 'invitation');
  expect((await auth.post('invitations/look-up', { body: { token } })).body.hasAccount).toBe(true);
  expect(codeOf(await accept({ token, ...person }))).toEqual([401, 'unauthenticated']);
  expect(codeOf(await accept({ token, ...person }, stranger.bearer))).toEqual([409, 'conflict']);
  const both = await Promise.all([accept({ token }, someone.bearer), accept({ token }, someone.bearer)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
  const claims = decodeJwt((await auth.get('token', someone.bearer)).body.token);
  expect(claims).toMatchObject({ role: 'staff', email_verified: true });
  const signIn = await auth.post('sign-in/email', { body: { email: someone.email, password: person.password } });
  expect(signIn.status, 'the password of before').toBe(200);
  const seller = await auth.someone({ role: 'seller' });
  await invite(seller.email);
  const other = await tokenTo(auth, seller.email, 'invitation');
  expect(codeOf(await accept({ token: other }, seller.bearer))).toEqual([409, 'conflict']);
});

test('a resent mail has another link; a link that was revoked, replaced or has expired does not work', async () => {
  const email = address();
  const { id } = (await invite(email)).body;
  const first = await tokenTo(auth, email, 'invitation');
  expect((await ask('POST', `/${id}/resend`)).status).toBe(200);
  const second = await tokenTo(auth, email, 'invitation', 2);
  expect(codeOf(await accept({ token: first, ...person }))).toEqual([422, 'link_not_valid']);
  await invite(email, { role: 'seller' });
  const third = await tokenTo(auth, email, 'invitation', 3);
  expect(codeOf(await accept({ token: second, ...person }))).toEqual([422, 'link_not_valid']);
  expect((await ask('GET', '')).body.items.filter((one) => one.email === email)).toMatchObject([{ role: 'seller' }]);
  expect((await ask('DELETE', `/${id}`)).status).toBe(204);
  expect(codeOf(await accept({ token: third, ...person }))).toEqual([422, 'link_not_valid']);
  expect([(await ask('DELETE', `/${id}`)).status, (await ask('POST', `/${id}/resend`)).status]).toEqual([404, 404]);
  await invite(email);
  const fourth = await tokenTo(auth, email, 'invitation', 4);
  await auth.pool.query({ text: 'update invitation set expires_at = now() where email = $1', values: [email] });
  expect(codeOf(await accept({ token: fourth, ...person }))).toEqual([422, 'link_not_valid']);
  expect((await ask('GET', '')).body.items.find((one) => one.email === email)).toMatchObject({ expired: true });
});

test('nobody invites to more than they may do, nor once they may not do it any more', async () => {
  const inviter = await chief();
  for (const more of [{ role: 'admin' }, { role: 'staff', staffRole: 'support' }]) {
    expect(codeOf(await invite(address(), more, inviter))).toEqual([403, 'forbidden']);
  }
  const admins = address();
  const { id } = (await invite(admins, { role: 'admin' })).body;
  for (const [method, path] of [
    ['DELETE', `/${id}`],
    ['POST', `/${id}/resend`],
  ] as const) {
    expect(codeOf(await ask(method, path, undefined, inviter))).toEqual([403, 'forbidden']);
  }
  expect((await invite(address(), { role: 'customer' })).status).toBe(400);
  const email = address();
  expect((await invite(email, { role: 'staff', staffRole: 'packer' }, inviter)).status).toBe(201);
  const token = await tokenTo(auth, email, 'invitation');
  const body = { role: 'staff', staffRole: 'packer' };
  await auth.ask('PUT', `admin/accounts/${inviter.id}/role`, { body, headers: admin.bearer });
  expect(codeOf(await accept({ token, ...person }))).toEqual([422, 'link_not_valid']);
});

test('a role that an invitation gives is not deleted', async () => {
  const id = randomUUID();
  const role = { body: { name: `Role ${id}`, permissions: ['orders:read'] }, headers: admin.bearer };
  await auth.ask('PUT', `admin/staff-roles/${id}`, role);
  const email = address();
  await invite(email, { role: 'staff', staffRole: id });
  const remove = () => auth.ask('DELETE', `admin/staff-roles/${id}`, { headers: admin.bearer });
  expect(codeOf(await remove())).toEqual([409, 'conflict']);
  const token = await tokenTo(auth, email, 'invitation');
  expect((await auth.post('invitations/look-up', { body: { token } })).body).toMatchObject({ roleName: `Role ${id}` });
  expect((await accept({ token, ...person })).status).toBe(200);
  expect(codeOf(await remove())).toEqual([409, 'conflict']);
});
