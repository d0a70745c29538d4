import { randomUUID } from 'node:crypto';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Auth, PASSWORD, startAuth } from './client.ts';
import { eventsOf, mailsTo, published, tokenTo } from './mails.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth({ MAILS_PER_RECIPIENT: 0, MAILS_PER_ADDRESS: 0 });
});
afterAll(() => auth.stop());

const NEW = 'a new and fine passphrase';
const request = (email: string, headers = {}) => auth.post('request-password-reset', { body: { email }, headers });
const reset = (token: string, newPassword = NEW) => auth.post('reset-password', { body: { token, newPassword } });
const signIn = (email: string, password: string) => auth.post('sign-in/email', { body: { email, password } });
const tokensOf = async (accountId: string) => {
  const { rows } = await auth.pool.query<{ identifier: string; email: string | null }>({
    text: 'select identifier, email from verification where value = $1',
    values: [accountId],
  });
  return rows;
};

async function withToken() {
  const someone = await auth.someone();
  await request(someone.email);
  return { ...someone, token: await tokenTo(auth, someone.email, 'reset_password') };
}

describe('asking for a reset', () => {
  test('is answered alike for an address that is known and one that is not', async () => {
    const { email } = await auth.someone();
    const unknown = `${randomUUID()}@example.com`;
    const [known, other] = [await request(email), await request(unknown)];
    expect([known.status, known.body]).toEqual([202, { success: true }]);
    expect([other.status, other.body]).toEqual([known.status, known.body]);
    expect([...other.headers.keys()].sort()).toEqual([...known.headers.keys()].sort());
    await until(() => mailsTo(auth, email, 'reset_password').length === 1);
    await published(auth);
    expect(mailsTo(auth, unknown, 'reset_password')).toEqual([]);
  });

  test('is answered before the address is looked up, so that the time reveals nothing', async () => {
    const { email } = await auth.someone();
    await auth.pool.transaction(async (tx) => {
      await tx.query({ text: 'lock table user_account, verification in access exclusive mode' });
      expect((await request(email)).status).toBe(202);
      expect(mailsTo(auth, email, 'reset_password')).toEqual([]);
    });
    await until(() => mailsTo(auth, email, 'reset_password').length === 1);
  });

  test('requests a mail with a link for 30 minutes, whose token is stored as a hash and sent encrypted', async () => {
    const { email, id, token } = await withToken();
    const [mail] = mailsTo(auth, email, 'reset_password');
    expect(mail).toMatchObject({ accountId: id, to: email, name: 'Some One', path: '/reset-password' });
    const minutes = (Date.parse(mail?.expiresAt ?? '') - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(20);
    expect(minutes).toBeLessThanOrEqual(30);
    expect(JSON.stringify(auth.events)).not.toContain(token);
    const rows = (await tokensOf(id)).filter((row) => row.email === null);
    expect(rows).toEqual([{ identifier: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/), email: null }]);
    expect(rows[0]?.identifier).not.toContain(token);
  });
});

describe('resetting', () => {
  test('sets the password, ends all sessions, and keeps API keys', async () => {
    const { email, id, token, bearer } = await withToken();
    const other = await signIn(email, PASSWORD);
    const { body: key } = await auth.post('api-keys', { body: { name: 'machine' }, headers: bearer });
    expect((await reset(token)).body).toEqual({ success: true });
    expect((await signIn(email, PASSWORD)).status).toBe(401);
    expect((await signIn(email, NEW)).status).toBe(200);
    expect((await auth.get('get-session', bearer)).status).toBe(401);
    expect((await auth.get('get-session', { authorization: `Bearer ${other.body.token}` })).status).toBe(401);
    expect((await auth.get('token', { authorization: `Bearer ${key.key}` })).status).toBe(200);
    await until(() => mailsTo(auth, email, 'password_changed').length === 1);
    expect(eventsOf(auth, id, 'session.revoked.v1')).toHaveLength(2);
  });

  test('shows that the address receives mail: it is verified then', async () => {
    const { token, email } = await withToken();
    await reset(token);
    expect((await signIn(email, NEW)).body.user).toMatchObject({ emailVerified: true });
  });

  test('works once', async () => {
    const { token, email } = await withToken();
    expect((await reset(token)).status).toBe(200);
    const again = await reset(token, 'yet another fine passphrase');
    expect([again.status, again.body.code]).toEqual([422, 'link_not_valid']);
    expect((await signIn(email, NEW)).status).toBe(200);
  });

  test('works for one of many who use the token at once', async () => {
    const { token, email } = await withToken();
    const passwords = Array.from({ length: 6 }, (_, n) => `fine passphrase number ${n}`);
    const answers = await Promise.all(passwords.map((password) => reset(token, password)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422, 422, 422]);
    const winner = passwords[answers.findIndex(({ status }) => status === 200)] ?? '';
    expect((await signIn(email, winner)).status).toBe(200);
  });

  test('makes the other links of the account useless', async () => {
    const { token, email, id } = await withToken();
    await request(email);
    const second = await tokenTo(auth, email, 'reset_password', 2);
    const verify = await tokenTo(auth, email, 'verify_email');
    expect((await reset(second)).status).toBe(200);
    expect((await reset(token)).body.code).toBe('link_not_valid');
    expect((await auth.post('verify-email', { body: { token: verify } })).body.code).toBe('link_not_valid');
    expect(await tokensOf(id)).toEqual([]);
  });

  test('refuses a weak password before the token is used up', async () => {
    const { token, email } = await withToken();
    for (const weak of ['short', 'password123', email]) {
      const { status, body } = await reset(token, weak);
      expect([status, body.code, body.errors[0]?.field]).toEqual([422, 'weak_password', '/newPassword']);
    }
    expect((await reset(token)).status).toBe(200);
  });

  test('refuses a token that has expired, of another purpose, or that never was', async () => {
    const { token, email, id } = await withToken();
    const verify = await tokenTo(auth, email, 'verify_email');
    await auth.pool.query({
      text: `update verification set expires_at = now() - interval '1 second' where value = $1`,
      values: [id],
    });
    for (const bad of [token, verify, 'a-token-that-never-was'])
      expect((await reset(bad)).body.code).toBe('link_not_valid');
    expect((await signIn(email, PASSWORD)).status).toBe(200);
  });

  test('lets in who was kept out by wrong passwords', async () => {
    const { token, email } = await withToken();
    await auth.pool.query({ text: 'delete from attempt' });
    for (let n = 0; n < 10; n++) await signIn(email, 'a wrong passphrase');
    expect((await signIn(email, PASSWORD)).status).toBe(429);
    await reset(token);
    expect((await signIn(email, NEW)).status).toBe(200);
  });
});

test('a change of the password is reported by mail, and ends the links', async () => {
  const { token, email, bearer } = await withToken();
  const body = { currentPassword: PASSWORD, newPassword: NEW };
  expect((await auth.post('change-password', { body, headers: bearer })).status).toBe(200);
  await until(() => mailsTo(auth, email, 'password_changed').length === 1);
  expect((await reset(token, 'yet another fine passphrase')).body.code).toBe('link_not_valid');
});
