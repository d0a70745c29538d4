import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Auth, cookieOf, PASSWORD, startAuth } from './client.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth.stop());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const signIn = (email: string, password = PASSWORD) => auth.post('sign-in/email', { body: { email, password } });

describe('signing in', () => {
  test('gives a session token and the cookie, and keeps neither', async () => {
    const { email, id } = await auth.someone();
    const answer = await auth.post('sign-in/email', {
      body: { email, password: PASSWORD },
      headers: { 'user-agent': 'a browser', 'x-forwarded-for': '203.0.113.7' },
    });
    expect(answer.status).toBe(200);
    const { token } = answer.body;
    expect(token).toMatch(/^[0-9a-f]{48}$/);
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^better-auth\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const byToken = await auth.get('get-session', bearer(token));
    expect(byToken.body.session).toMatchObject({ ipAddress: '203.0.113.7', userAgent: 'a browser' });
    expect(byToken.body.user.id).toBe(id);
    expect(JSON.stringify(byToken.body)).not.toContain(token);
    const byCookie = await auth.get('get-session', { cookie: cookieOf(answer) });
    expect(byCookie.body).toEqual(byToken.body);
    const { rows } = await auth.pool.query<{ row: string }>({ text: 'select s::text as row from session s' });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ row }) => row.includes(token))).toBe(false);
    const { rows: secrets } = await auth.pool.query<{ password: string }>({ text: 'select password from credential' });
    for (const { password } of secrets) expect(password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('reads the address without blanks around it, in any case', async () => {
    const { email } = await auth.someone();
    expect((await signIn(` ${email.toUpperCase()} \n`)).status).toBe(200);
    for (const wrong of ['ada', 'ada@', 'ada lovelace@example.com', 'a..b@example.com', "'@example.com"]) {
      const { status, body } = await signIn(wrong);
      const [error] = body.errors;
      expect([status, body.code, error?.field, error?.message]).toEqual([
        400,
        'validation_failed',
        '/email',
        'must be an e-mail address, such as ada@example.com',
      ]);
    }
  });

  test('a wrong password and an unknown address are answered alike, and cost the same', async () => {
    const { email } = await auth.someone();
    const before = await hashes(auth);
    const wrong = await signIn(email, 'not the password');
    const unknown = await signIn('nobody@example.com', 'not the password');
    const after = await hashes(auth);
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const { requestId: _, ...one } = wrong.body;
    const { requestId: __, ...other } = unknown.body;
    expect(one).toEqual(other);
    expect(one.code).toBe('invalid_credentials');
    expect(wrong.headers.getSetCookie()).toEqual([]);
    // argon2id costs the same for a new hash as for a comparison: one of each.
    expect(after.verify - before.verify).toBe(1);
    expect(after.hash - before.hash).toBe(1);
  });

  test('sheds what would have to wait too long, and does not hold it against anybody', async () => {
    const small = await startAuth({
      PASSWORD_HASH_CONCURRENCY: 1,
      PASSWORD_HASH_QUEUE: 2,
      SIGN_IN_FAILURES_PER_ACCOUNT_AND_ADDRESS: 12,
    });
    const { email } = await small.someone();
    const body = { email, password: PASSWORD };
    const answers = await Promise.all(Array.from({ length: 12 }, () => small.post('sign-in/email', { body })));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(9);
    for (const { status, body: problem, headers } of refused) {
      expect([status, problem.code, headers.get('retry-after')]).toEqual([503, 'overloaded', '1']);
    }
    const { rows } = await small.pool.query<{ most: number }>({ text: 'select max(count) as most from attempt' });
    expect(rows[0]?.most).toBe(0);
    await small.stop();
  });
});

/** How often passwords were hashed and compared, as the service itself counts. */
async function hashes(service: Auth): Promise<{ hash: number; verify: number }> {
  const text = await (await fetch(new URL('/metrics', service.managementUrl))).text();
  const read = (operation: string) =>
    Number(new RegExp(`password_hashes_total\\{[^}]*operation="${operation}"[^}]*\\} (\\d+)`).exec(text)?.[1] ?? 0);
  return { hash: read('hash'), verify: read('verify') };
}
