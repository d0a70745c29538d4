import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Auth, cookieOf, ORIGIN, PASSWORD, startAuth } from './client.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth.stop());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const signIn = (email: string, password = PASSWORD) => auth.post('sign-in/email', { body: { email, password } });

describe('the password', () => {
  const next = 'another fine passphrase';

  test('is changed by who knows it; all sessions end but the new one', async () => {
    const someone = await auth.someone();
    const other = (await signIn(someone.email)).body.token;
    const answer = await auth.post('change-password', {
      body: { currentPassword: PASSWORD, newPassword: next },
      headers: { cookie: someone.cookie, origin: ORIGIN },
    });
    expect(answer.status).toBe(200);
    expect(answer.body.user.id).toBe(someone.id);
    expect((await auth.get('get-session', bearer(other))).status).toBe(401);
    expect((await auth.get('get-session', { cookie: someone.cookie })).status).toBe(401);
    expect((await auth.get('get-session', bearer(answer.body.token))).status).toBe(200);
    expect((await auth.get('get-session', { cookie: cookieOf(answer) })).status).toBe(200);
    expect((await signIn(someone.email)).status).toBe(401);
    expect((await signIn(someone.email, next)).status).toBe(200);
    const revoked = () =>
      auth.events.filter(({ type, subject }) => type === 'session.revoked.v1' && subject === someone.id);
    await until(() => revoked().length === 2);
  });

  test('is not changed by who does not', async () => {
    const { bearer: headers, email } = await auth.someone();
    const body = { currentPassword: 'not the password', newPassword: next };
    const answer = await auth.post('change-password', { body, headers });
    expect([answer.status, answer.body.code, answer.body.errors[0]?.field]).toEqual([
      401,
      'invalid_credentials',
      '/currentPassword',
    ]);
    expect((await auth.post('change-password', { body: { ...body, currentPassword: PASSWORD } })).status).toBe(401);
    expect((await auth.get('get-session', headers)).status).toBe(200);
    expect((await signIn(email)).status).toBe(200);
  });

  test('is not changed for a weak one, or the same', async () => {
    const { bearer: headers, email } = await auth.someone();
    for (const newPassword of ['short', 'Password123', email, PASSWORD]) {
      const body = { currentPassword: PASSWORD, newPassword };
      const answer = await auth.post('change-password', { body, headers });
      expect([answer.status, answer.body.code]).toEqual([422, 'weak_password']);
      expect(answer.body.errors[0]?.field).toBe('/newPassword');
    }
  });
});

test('the name is changed, and whoever keeps it hears of it', async () => {
  const someone = await auth.someone();
  const answer = await auth.post('update-user', { body: { name: 'New Name' }, headers: someone.bearer });
  expect([answer.status, answer.body.name]).toEqual([200, 'New Name']);
  expect((await auth.get('get-session', someone.bearer)).body.user.name).toBe('New Name');
  await until(() => auth.events.find(({ type, subject }) => type === 'account.changed.v1' && subject === someone.id));
  const refused = await auth.post('update-user', { body: { name: 'X', role: 'admin' }, headers: someone.bearer });
  expect([refused.status, refused.body.errors[0]?.field]).toEqual([400, '/role']);
});
