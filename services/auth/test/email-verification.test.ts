import { until } from '@tradepost/testing/until';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announceEarlierContacts } from '../src/actions/manage-accounts.ts';
import { type Auth, startAuth } from './client.ts';
import { eventsOf, mailsTo, tokenTo } from './mails.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth({ MAILS_PER_RECIPIENT: 0, MAILS_PER_ADDRESS: 0 });
});
afterAll(() => auth.stop());

const verify = (token: string) => auth.post('verify-email', { body: { token } });
const again = (headers: Record<string, string>) => auth.post('send-verification-email', { headers });

describe('a new account', () => {
  test('gets a mail whose link is good for a day, and is not verified before', async () => {
    const { id, email, bearer } = await auth.someone();
    const token = await tokenTo(auth, email, 'verify_email');
    const [mail] = mailsTo(auth, email, 'verify_email');
    expect(mail).toMatchObject({ accountId: id, to: email, path: '/verify-email' });
    const hours = (Date.parse(mail?.expiresAt ?? '') - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23);
    expect(hours).toBeLessThanOrEqual(24);
    expect((await auth.get('get-session', bearer)).body.user).toMatchObject({ emailVerified: false });
    const answer = await verify(token);
    expect([answer.status, answer.body]).toEqual([200, { email, emailVerified: true }]);
    expect((await auth.get('get-session', bearer)).body.user).toMatchObject({ emailVerified: true });
  });

  test('has the claim in its access tokens, by session and by API key', async () => {
    const { email, bearer } = await auth.someone();
    const { body: key } = await auth.post('api-keys', { body: { name: 'machine' }, headers: bearer });
    const claims = async () => {
      const tokens = [bearer, { authorization: `Bearer ${key.key}` }].map((one) => auth.get('token', one));
      return (await Promise.all(tokens)).map(({ body }) => decodeJwt(body.token).email_verified);
    };
    expect(await claims()).toEqual([false, false]);
    await verify(await tokenTo(auth, email, 'verify_email'));
    expect(await claims()).toEqual([true, true]);
  });

  test('is announced with its version, which rises with each change', async () => {
    const { id, email, bearer } = await auth.someone();
    await verify(await tokenTo(auth, email, 'verify_email'));
    await auth.post('update-user', { body: { name: 'Ada King' }, headers: bearer });
    await until(() => eventsOf(auth, id, 'account.contact-changed.v1').length === 2);
    expect(eventsOf(auth, id, 'account.contact-changed.v1').map(({ data }) => data)).toEqual([
      { accountId: id, email, name: 'Some One', emailVerified: true, version: 1 },
      { accountId: id, email, name: 'Ada King', emailVerified: true, version: 2 },
    ]);
    expect(eventsOf(auth, id, 'account.changed.v1')).toHaveLength(2);
  });
});

describe('an account from before its contact was announced', () => {
  test('is announced once', async () => {
    const { id, email } = await auth.someone();
    await auth.pool.query({ text: 'update user_account set contact_announced = false where id = $1', values: [id] });
    const restarted = { pool: auth.pool };
    expect(await Promise.all([1, 2].map(() => announceEarlierContacts(restarted)))).toContain(1);
    expect(await announceEarlierContacts(restarted)).toBe(0);
    await until(() => eventsOf(auth, id, 'account.contact-changed.v1').length === 1);
    expect(eventsOf(auth, id, 'account.contact-changed.v1').map(({ data }) => data)).toMatchObject([
      { accountId: id, email, version: 1 },
    ]);
  });
});

describe('a link', () => {
  test('works once, also when it is followed many times at once', async () => {
    const { id, email } = await auth.someone();
    const token = await tokenTo(auth, email, 'verify_email');
    const answers = await Promise.all(Array.from({ length: 5 }, () => verify(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422, 422]);
    expect((await verify(token)).body.code).toBe('link_not_valid');
    await until(() => eventsOf(auth, id, 'account.contact-changed.v1').length > 0);
    expect(eventsOf(auth, id, 'account.contact-changed.v1')).toHaveLength(1);
  });

  test('is refused once it has expired', async () => {
    const { id, email } = await auth.someone();
    const token = await tokenTo(auth, email, 'verify_email');
    await auth.pool.query({
      text: `update verification set expires_at = now() - interval '1 second' where value = $1`,
      values: [id],
    });
    expect((await verify(token)).body.code).toBe('link_not_valid');
  });

  test('is stored as a hash', async () => {
    const { id, email } = await auth.someone();
    const token = await tokenTo(auth, email, 'verify_email');
    const { rows } = await auth.pool.query<{ row: string }>({
      text: 'select v::text as row from verification v where value = $1',
      values: [id],
    });
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain(token);
  });
});

describe('asking for the mail again', () => {
  test('sends another, whose link works beside the first', async () => {
    const { email, bearer } = await auth.someone();
    expect((await again(bearer)).status).toBe(202);
    const second = await tokenTo(auth, email, 'verify_email', 2);
    expect(second).not.toBe(await tokenTo(auth, email, 'verify_email'));
    expect((await verify(second)).status).toBe(200);
  });

  test('is for who is signed in and not verified', async () => {
    const { email, bearer } = await auth.someone();
    expect((await again({})).status).toBe(401);
    await verify(await tokenTo(auth, email, 'verify_email'));
    const answer = await again(bearer);
    expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
  });
});
