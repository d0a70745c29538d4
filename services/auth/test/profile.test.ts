import { randomUUID } from 'node:crypto';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Auth, cookieOf, ORIGIN, PASSWORD, startAuth } from './client.ts';
import { eventsOf, mailsTo } from './mails.ts';

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

test('the name is changed, and an event is published', async () => {
  const someone = await auth.someone();
  const answer = await auth.post('update-user', { body: { name: 'New Name' }, headers: someone.bearer });
  expect([answer.status, answer.body.name]).toEqual([200, 'New Name']);
  expect((await auth.get('get-session', someone.bearer)).body.user.name).toBe('New Name');
  await until(() => auth.events.find(({ type, subject }) => type === 'account.changed.v1' && subject === someone.id));
  const empty = await auth.post('update-user', { body: {}, headers: someone.bearer });
  expect(empty.status).toBe(400);
  const refused = await auth.post('update-user', { body: { name: 'X', role: 'admin' }, headers: someone.bearer });
  expect([refused.status, refused.body.errors[0]?.field]).toEqual([400, '/role']);
});

test('the language is that of the browser of the sign-up until it is changed, and mails and events have it', async () => {
  const email = `${randomUUID()}@example.com`;
  const signUp = await auth.post('sign-up/email', {
    body: { name: 'Ada', email, password: PASSWORD },
    headers: { 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' },
  });
  const { token, user } = signUp.body;
  expect((await auth.get('get-session', bearer(token))).body.locale).toBe('de');
  await until(() => mailsTo(auth, email, 'verify_email').length === 1);
  expect(mailsTo(auth, email, 'verify_email')).toMatchObject([{ locale: 'de' }]);
  expect(eventsOf(auth, user.id, 'account.created.v1')).toMatchObject([{ data: { locale: 'de' } }]);
  const change = (body: unknown) => auth.post('update-user', { body, headers: bearer(token) });
  expect((await change({ locale: 'tlh' })).status).toBe(400);
  expect((await change({ locale: 'fr' })).status).toBe(200);
  // What is left out stays.
  expect((await change({ name: 'Ada King' })).status).toBe(200);
  await until(() => eventsOf(auth, user.id, 'account.contact-changed.v1').length === 2);
  expect(eventsOf(auth, user.id, 'account.contact-changed.v1').map(({ data }) => data)).toMatchObject([
    { locale: 'fr', name: 'Ada', version: 1 },
    { locale: 'fr', name: 'Ada King', version: 2 },
  ]);
  // A program that says nothing of languages has none.
  const { body } = await auth.get('get-session', (await auth.someone()).bearer);
  expect(body.locale).toBeNull();
});
