import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Auth, PASSWORD, startAuth } from './client.ts';
import { mailsTo, published } from './mails.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth.stop());

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const NEWER_FIREFOX = FIREFOX.replaceAll('140', '141');
const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

const from = (userAgent: string, address: string) => ({ 'user-agent': userAgent, 'x-forwarded-for': address });

/** An account that was made with Firefox at 203.0.113.7. */
async function someone(): Promise<string> {
  const email = `${crypto.randomUUID()}@example.com`;
  const body = { name: 'Some One', email, password: PASSWORD };
  const answer = await auth.post('sign-up/email', { body, headers: from(FIREFOX, '203.0.113.7') });
  expect(answer.status).toBe(200);
  return email;
}

async function signIn(email: string, userAgent: string, address: string): Promise<void> {
  const body = { email, password: PASSWORD };
  expect((await auth.post('sign-in/email', { body, headers: from(userAgent, address) })).status).toBe(200);
}

const mails = (email: string) => mailsTo(auth, email, 'new_sign_in');

test('where the account was made is known, with another version and another address of the network, too', async () => {
  const email = await someone();
  await signIn(email, FIREFOX, '203.0.113.7');
  await signIn(email, NEWER_FIREFOX, '203.0.113.200');
  await published(auth);
  expect(mails(email)).toEqual([]);
});

test('another browser and another network are reported by mail, once each', async () => {
  const email = await someone();
  await signIn(email, CHROME, '203.0.113.7');
  await until(() => mails(email).length === 1);
  expect(mails(email)[0]).toMatchObject({ to: email, userAgent: CHROME });
  await signIn(email, FIREFOX, '198.51.100.1');
  await until(() => mails(email).length === 2);
  await signIn(email, CHROME, '203.0.113.9');
  await signIn(email, FIREFOX, '198.51.100.2');
  await published(auth);
  expect(mails(email)).toHaveLength(2);
});

test('IPv6 addresses of one /48 are one network', async () => {
  const email = await someone();
  await signIn(email, FIREFOX, '2001:db8:1:2::1');
  await until(() => mails(email).length === 1);
  await signIn(email, FIREFOX, '2001:db8:1:3::1');
  await signIn(email, FIREFOX, '2001:db8:2:3::1');
  await until(() => mails(email).length === 2);
  await published(auth);
  expect(mails(email)).toHaveLength(2);
});

test('many sign-ins from one new device at once are reported once', async () => {
  const email = await someone();
  await Promise.all(Array.from({ length: 5 }, () => signIn(email, CHROME, '198.51.100.77')));
  await until(() => mails(email).length > 0);
  await published(auth);
  expect(mails(email)).toHaveLength(1);
});

test('a wrong password is not noted', async () => {
  const email = await someone();
  const body = { email, password: 'not the password' };
  await auth.post('sign-in/email', { body, headers: from(CHROME, '198.51.100.88') });
  await published(auth);
  expect(mails(email)).toEqual([]);
});

test('an account keeps the 20 devices that were used last, as hashes', async () => {
  const email = await someone();
  for (let n = 1; n <= 22; n++) await signIn(email, FIREFOX, `192.0.${n}.1`);
  const { rows } = await auth.pool.query<{ row: string }>({
    text: `select d::text as row from known_device d join user_account u on u.id = d.account_id where u.email = $1`,
    values: [email],
  });
  expect(rows).toHaveLength(20);
  expect(rows.map(({ row }) => row).join()).not.toMatch(/Firefox|192\.0/);
  await signIn(email, FIREFOX, '192.0.22.1');
  await until(() => mails(email).length === 22);
  await signIn(email, FIREFOX, '203.0.113.7');
  await until(() => mails(email).length === 23);
});
