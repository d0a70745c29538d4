import { randomUUID } from 'node:crypto';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Auth, PASSWORD, type Someone, startAuth } from './client.ts';
import { eventsOf, mailsTo, published, tokenTo } from './mails.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth({ MAILS_PER_RECIPIENT: 0, MAILS_PER_ADDRESS: 0 });
});
afterAll(() => auth.stop());

const address = () => `${randomUUID()}@example.com`;
const change = (who: Someone, newEmail: string, currentPassword = PASSWORD) =>
  auth.post('change-email', { body: { newEmail, currentPassword }, headers: who.bearer });
const confirm = (token: string, headers: Record<string, string> = {}) =>
  auth.post('confirm-new-email', { body: { token }, headers });
const signIn = (email: string) => auth.post('sign-in/email', { body: { email, password: PASSWORD } });
const emailOf = async (who: Someone) => (await auth.get('get-session', who.bearer)).body.user.email;

describe('asking for another address', () => {
  test('sends the link there, and changes nothing yet', async () => {
    const who = await auth.someone();
    const next = address();
    const answer = await change(who, next.toUpperCase());
    expect([answer.status, answer.body]).toEqual([202, { success: true }]);
    await tokenTo(auth, next, 'confirm_new_email');
    expect(mailsTo(auth, next, 'confirm_new_email')[0]).toMatchObject({ accountId: who.id, path: '/confirm-email' });
    expect(await emailOf(who)).toBe(who.email);
    expect((await signIn(next)).status).toBe(401);
    expect(mailsTo(auth, who.email, 'email_changed')).toEqual([]);
  });

  test('asks for the password, and counts guesses', async () => {
    const who = await auth.someone();
    const next = address();
    const wrong = await change(who, next, 'not the password');
    expect([wrong.status, wrong.body.code, wrong.body.errors[0]?.field]).toEqual([
      401,
      'invalid_credentials',
      '/currentPassword',
    ]);
    for (let n = 1; n < 10; n++) await change(who, next, 'not the password');
    expect((await change(who, next)).status).toBe(429);
    await auth.pool.query({ text: 'delete from attempt' });
    await published(auth);
    expect(mailsTo(auth, next, 'confirm_new_email')).toEqual([]);
  });

  test('does not reveal that another account has the address', async () => {
    const [who, other] = [await auth.someone(), await auth.someone()];
    const [taken, free] = [await change(who, other.email), await change(who, address())];
    expect([taken.status, taken.body]).toEqual([free.status, free.body]);
    await published(auth);
    expect(mailsTo(auth, other.email, 'confirm_new_email')).toEqual([]);
  });

  test('refuses the address that the account has', async () => {
    const who = await auth.someone();
    const { status, body } = await change(who, who.email);
    expect([status, body.code, body.errors[0]?.field]).toEqual([400, 'validation_failed', '/newEmail']);
  });

  test('is for who is signed in', async () => {
    const body = { newEmail: address(), currentPassword: PASSWORD };
    expect((await auth.post('change-email', { body })).status).toBe(401);
  });
});

describe('following the link', () => {
  test('changes the address, ends other sessions and links, and sends a mail to the old address', async () => {
    const who = await auth.someone();
    const elsewhere = (await signIn(who.email)).body.token;
    const next = address();
    await change(who, next);
    const token = await tokenTo(auth, next, 'confirm_new_email');
    const verify = await tokenTo(auth, who.email, 'verify_email');
    const answer = await confirm(token, who.bearer);
    expect([answer.status, answer.body]).toEqual([200, { email: next, emailVerified: true }]);
    expect(await emailOf(who)).toBe(next);
    expect((await auth.get('get-session', { authorization: `Bearer ${elsewhere}` })).status).toBe(401);
    expect((await signIn(next)).status).toBe(200);
    expect((await signIn(who.email)).status).toBe(401);
    expect((await auth.post('verify-email', { body: { token: verify } })).body.code).toBe('link_not_valid');
    await until(() => mailsTo(auth, who.email, 'email_changed').length === 1);
    expect(mailsTo(auth, who.email, 'email_changed')[0]).toMatchObject({ newEmail: next, accountId: who.id });
    expect(eventsOf(auth, who.id, 'account.contact-changed.v1').map(({ data }) => data)).toEqual([
      { accountId: who.id, email: next, name: 'Some One', emailVerified: true, version: 1 },
    ]);
    expect(eventsOf(auth, who.id, 'account.changed.v1')).toHaveLength(1);
    expect(eventsOf(auth, who.id, 'session.revoked.v1')).toHaveLength(1);
  });

  test('needs no session; without one all of them end', async () => {
    const who = await auth.someone();
    const next = address();
    await change(who, next);
    expect((await confirm(await tokenTo(auth, next, 'confirm_new_email'))).status).toBe(200);
    expect((await auth.get('get-session', who.bearer)).status).toBe(401);
  });

  test('works once, and not after the password was changed', async () => {
    const who = await auth.someone();
    const [first, second] = [address(), address()];
    await change(who, first);
    const token = await tokenTo(auth, first, 'confirm_new_email');
    const answers = await Promise.all(Array.from({ length: 4 }, () => confirm(token, who.bearer)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422]);
    await change(who, second);
    const late = await tokenTo(auth, second, 'confirm_new_email');
    const body = { currentPassword: PASSWORD, newPassword: 'a new and fine passphrase' };
    await auth.post('change-password', { body, headers: who.bearer });
    expect((await confirm(late)).body.code).toBe('link_not_valid');
  });

  test('gives an address to one of two accounts that want it', async () => {
    const [one, two] = [await auth.someone(), await auth.someone()];
    const wanted = address();
    await Promise.all([change(one, wanted), change(two, wanted)]);
    const tokens = [
      await tokenTo(auth, wanted, 'confirm_new_email', 1),
      await tokenTo(auth, wanted, 'confirm_new_email', 2),
    ];
    const answers = await Promise.all(tokens.map((token) => confirm(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('email_taken');
    const { rows } = await auth.pool.query({ text: 'select 1 from user_account where email = $1', values: [wanted] });
    expect(rows).toHaveLength(1);
  });
});
