import { until } from '@tradepost/testing/until';
import { afterEach, expect, test } from 'vitest';
import { type Answer, type Auth, PASSWORD, startAuth } from './client.ts';

let auth: Auth;
afterEach(() => auth.stop());

const limits = {
  SIGN_IN_FAILURES_PER_ACCOUNT_AND_ADDRESS: 3,
  SIGN_IN_FAILURES_PER_ACCOUNT: 6,
  SIGN_IN_FAILURES_PER_ADDRESS: 8,
  SIGN_IN_WINDOW_SECONDS: 600,
};
const home = '198.51.100.1';

function guess(email: string, address: string, password = 'not the password'): Promise<Answer> {
  return auth.post('sign-in/email', { body: { email, password }, headers: { 'x-forwarded-for': address } });
}

async function statuses(answers: Promise<Answer>[]): Promise<number[]> {
  return (await Promise.all(answers)).map(({ status }) => status).sort();
}

async function hashed(): Promise<number> {
  const text = await (await fetch(new URL('/metrics', auth.managementUrl))).text();
  return [...text.matchAll(/password_hashes_total\{[^}]*\} (\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0);
}

test('guessing one password from one address ends soon, and with the right one too', async () => {
  auth = await startAuth(limits);
  const { email, bearer } = await auth.someone();
  for (let i = 0; i < 3; i++) expect((await guess(email, '203.0.113.7')).status).toBe(401);
  const before = await hashed();
  const refused = await guess(email, '203.0.113.7', PASSWORD);
  expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(500);
  expect(seconds).toBeLessThanOrEqual(600);
  expect(await hashed()).toBe(before);
  // The owner is neither shut out at home nor signed out.
  expect((await guess(email, home, PASSWORD)).status).toBe(200);
  expect((await auth.get('get-session', bearer)).status).toBe(200);
  expect((await auth.get('token', bearer)).status).toBe(200);
});

test('many at once get no further than one after the other', async () => {
  auth = await startAuth(limits);
  const { email } = await auth.someone();
  const before = await hashed();
  const all = await statuses(Array.from({ length: 20 }, () => guess(email, '203.0.113.7')));
  expect(all.filter((status) => status === 401)).toHaveLength(3);
  expect(all.filter((status) => status === 429)).toHaveLength(17);
  expect((await hashed()) - before).toBe(3);
});

test('guesses at one account from many addresses end, too', async () => {
  auth = await startAuth(limits);
  const { email } = await auth.someone();
  const all = await statuses(Array.from({ length: 10 }, (_, i) => guess(email, `203.0.113.${i}`)));
  expect(all.filter((status) => status === 401)).toHaveLength(6);
  expect(all.filter((status) => status === 429)).toHaveLength(4);
});

test('guesses at many accounts from one address end, and its own sign-ins do not begin them anew', async () => {
  auth = await startAuth(limits);
  const own = await auth.someone();
  for (let i = 0; i < 8; i++) {
    expect((await guess(`victim-${i}@example.com`, '203.0.113.7')).status).toBe(401);
    if (i < 7) expect((await guess(own.email, '203.0.113.7', PASSWORD)).status).toBe(200);
  }
  expect((await guess('victim-9@example.com', '203.0.113.7')).status).toBe(429);
  expect((await guess('victim-9@example.com', '203.0.113.8')).status).toBe(401);
});

test('what is counted is the network of an IPv6 address, and what the gateway saw, not what the client says', async () => {
  auth = await startAuth(limits);
  const { email } = await auth.someone();
  const addresses = ['2001:db8:1:2::1', '2001:db8:1:2::2', '6.6.6.6, 2001:db8:1:2:ffff::3', '7.7.7.7, 2001:db8:1:2::4'];
  const answers: number[] = [];
  for (const address of addresses) answers.push((await guess(email, address)).status);
  expect(answers).toEqual([401, 401, 401, 429]);
});

test('a success begins anew what the account is counted for', async () => {
  auth = await startAuth(limits);
  const { email } = await auth.someone();
  for (let round = 0; round < 3; round++) {
    expect((await guess(email, home)).status).toBe(401);
    expect((await guess(email, home)).status).toBe(401);
    expect((await guess(email, home, PASSWORD)).status).toBe(200);
  }
});

test('the window passes', async () => {
  auth = await startAuth(limits);
  const { email } = await auth.someone();
  for (let i = 0; i < 4; i++) await guess(email, home);
  expect((await guess(email, home, PASSWORD)).status).toBe(429);
  await auth.pool.query({ text: `update attempt set resets_at = now() - interval '1 second'` });
  expect((await guess(email, home)).status).toBe(401);
  expect((await guess(email, home, PASSWORD)).status).toBe(200);
});

test('guesses at the current password count as those at sign-in', async () => {
  auth = await startAuth(limits);
  const { email, bearer } = await auth.someone();
  const headers = { ...bearer, 'x-forwarded-for': '203.0.113.7' };
  const body = { currentPassword: 'not the password', newPassword: 'another fine passphrase' };
  for (let i = 0; i < 3; i++) expect((await auth.post('change-password', { body, headers })).status).toBe(401);
  const right = { ...body, currentPassword: PASSWORD };
  expect((await auth.post('change-password', { body: right, headers })).status).toBe(429);
  expect((await guess(email, '203.0.113.7', PASSWORD)).status).toBe(429);
});

test('sign-ups from one address are limited, and those for taken addresses count', async () => {
  auth = await startAuth({ ...limits, SIGN_UPS_PER_ADDRESS: 3, SIGN_UP_WINDOW_SECONDS: 60 });
  const signUp = (email: string, address: string) =>
    auth.post('sign-up/email', {
      body: { name: 'Somebody', email, password: PASSWORD },
      headers: { 'x-forwarded-for': address },
    });
  const emails = ['a@example.com', 'a@example.com', 'b@example.com', 'c@example.com'];
  const answers: number[] = [];
  for (const email of emails) answers.push((await signUp(email, '203.0.113.7')).status);
  expect(answers).toEqual([200, 409, 200, 429]);
  const refused = await signUp('c@example.com', '203.0.113.7');
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect((await signUp('c@example.com', '203.0.113.8')).status).toBe(200);
});

test('counts are shared by all instances, and expired ones are deleted', async () => {
  auth = await startAuth(limits);
  const { email } = await auth.someone();
  await guess(email, home);
  const { rows } = await auth.pool.query<{ key: string; count: number }>({ text: 'select key, count from attempt' });
  expect(rows.map(({ count }) => count)).toEqual([1, 1, 1]);
  // What is counted cannot be read back.
  expect(JSON.stringify(rows)).not.toContain('example.com');
  await auth.pool.query({ text: `update attempt set resets_at = now() - interval '1 second'` });
  await auth.pool.query({ text: `update session set expires_at = now() - interval '1 second'` });
  const { deleteExpired } = await import('../src/actions/delete-expired.ts');
  await until(async () => (await deleteExpired(auth.pool, 365)) === 0);
  const left = await auth.pool.query<{ n: number }>({
    text: 'select (select count(*) from attempt) + (select count(*) from session) as n',
  });
  expect(left.rows[0]?.n).toBe(0);
});
