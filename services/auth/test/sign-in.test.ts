import { createTokenVerifier } from '@tradepost/runtime/token-verifier';
import { until } from '@tradepost/testing/until';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Auth, cookieOf, ORIGIN, PASSWORD, startAuth } from './client.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth.stop());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const signIn = (email: string, password = PASSWORD) => auth.post('sign-in/email', { body: { email, password } });

describe('signing up', () => {
  test('makes a customer, signs in, and announces the account', async () => {
    const body = { name: 'Ada', email: 'Ada@Example.com', password: PASSWORD };
    const { status, body: answer, headers } = await auth.post('sign-up/email', { body });
    expect(status).toBe(200);
    expect(answer.user).toMatchObject({ name: 'Ada', email: 'ada@example.com', role: 'customer', emailVerified: false });
    expect(Object.keys(answer).sort()).toEqual(['token', 'user']);
    expect(Object.keys(answer.user).sort()).toEqual(
      ['createdAt', 'email', 'emailVerified', 'id', 'name', 'role', 'updatedAt'].sort(),
    );
    expect(answer.user.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(headers.get('cache-control')).toBe('no-store');
    const session = await auth.get('get-session', bearer(answer.token));
    expect(session.body.user).toEqual(answer.user);
    const event = await until(() => auth.events.find(({ subject }) => subject === answer.user.id));
    expect(event).toMatchObject({
      type: 'account.created.v1',
      source: '/auth',
      data: { accountId: answer.user.id, email: 'ada@example.com', name: 'Ada', role: 'customer' },
    });
  });

  test('tells that an address is taken, however it is written', async () => {
    const { email } = await auth.someone();
    const body = { name: 'Other', email: email.toUpperCase(), password: PASSWORD };
    const { status, body: problem } = await auth.post('sign-up/email', { body });
    expect([status, problem.code, problem.errors[0]?.field]).toEqual([409, 'email_taken', '/email']);
  });

  test('of several at once for one address, one wins and the others are told', async () => {
    const body = { name: 'Racer', email: 'racer@example.com', password: PASSWORD };
    const answers = await Promise.all(Array.from({ length: 6 }, () => auth.post('sign-up/email', { body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    for (const { status, body: problem } of answers) if (status === 409) expect(problem.code).toBe('email_taken');
    const { rows } = await auth.pool.query<{ n: number }>({
      text: `select count(*) as n from user_account u join credential c on c.user_id = u.id where u.email = 'racer@example.com'`,
    });
    expect(rows[0]?.n).toBe(1);
    expect((await signIn('racer@example.com')).status).toBe(200);
  });

  test.each([
    ['short', 'short'],
    ['common', 'Password123'],
    ['the address', 'weak@example.com'],
    ['too long', 'long'.repeat(40)],
  ])('refuses a weak password: %s', async (_, password) => {
    const body = { name: 'Weak', email: 'weak@example.com', password };
    const answer = await auth.post('sign-up/email', { body });
    expect([answer.status, answer.body.code, answer.body.errors[0]?.field]).toEqual([422, 'weak_password', '/password']);
  });

  test('nobody chooses a role, or anything else', async () => {
    for (const more of [{ role: 'admin' }, { banned: false }, { emailVerified: true }, { id: 'x' }, { image: 'x' }]) {
      const body = { name: 'Mallory', email: 'mallory@example.com', password: PASSWORD, ...more };
      const answer = await auth.post('sign-up/email', { body });
      expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
      expect(answer.body.errors[0]?.field).toBe(`/${Object.keys(more)[0]}`);
    }
    expect((await signIn('mallory@example.com')).status).toBe(401);
  });
});

describe('signing in', () => {
  test('gives a session token and the cookie, and keeps neither', async () => {
    const { email, id } = await auth.someone();
    const answer = await auth.post('sign-in/email', {
      body: { email, password: PASSWORD },
      headers: { 'user-agent': 'a browser', 'x-forwarded-for': '203.0.113.7' },
    });
    expect(answer.status).toBe(200);
    const { token } = answer.body;
    expect(token).toMatch(/^[A-Za-z0-9]{32}$/);
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

describe('sessions', () => {
  test('signing out ends the session, and says so once', async () => {
    const { token, bearer: headers, id } = await auth.someone();
    const sessionId = (await auth.get('get-session', headers)).body.session.id;
    const answer = await auth.post('sign-out', { headers });
    expect([answer.status, answer.body]).toEqual([200, { success: true }]);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^better-auth\.session_token=; Max-Age=0; Path=\//);
    expect((await auth.get('get-session', headers)).status).toBe(401);
    expect((await auth.get('token', headers)).body.code).toBe('unauthenticated');
    expect((await auth.post('sign-out', { headers: bearer(token) })).status).toBe(200);
    const event = await until(() => auth.events.find(({ type, subject }) => type === 'session.revoked.v1' && subject === id));
    expect(event?.data).toEqual({ sessionId, accountId: id });
    expect(auth.events.filter(({ type, subject }) => type === 'session.revoked.v1' && subject === id)).toHaveLength(1);
  });

  test('signing out needs something to end', async () => {
    expect((await auth.post('sign-out')).status).toBe(401);
    expect((await auth.post('sign-out', { headers: { authorization: 'Basic eDp5' } })).status).toBe(401);
  });

  test('an access token shows who is signed in, and signs out, but opens nothing else', async () => {
    const someone = await auth.someone();
    const { token: jwt } = (await auth.get('token', someone.bearer)).body;
    expect((await auth.get('get-session', bearer(jwt))).body.user.id).toBe(someone.id);
    for (const path of ['token', 'sessions', 'api-keys', 'admin/accounts']) {
      expect((await auth.get(path, bearer(jwt))).status).toBe(401);
    }
    expect((await auth.post('sign-out', { headers: bearer(jwt) })).status).toBe(200);
    expect((await auth.get('get-session', someone.bearer)).status).toBe(401);
    expect((await auth.get('get-session', bearer(jwt))).status).toBe(401);
  });

  test('one that has expired is over', async () => {
    const { bearer: headers, id } = await auth.someone();
    await auth.pool.query({ text: 'update session set expires_at = now() where user_id = $1', values: [id] });
    expect((await auth.get('get-session', headers)).status).toBe(401);
    expect((await auth.get('token', headers)).status).toBe(401);
    expect((await auth.get('sessions', headers)).status).toBe(401);
  });

  test('one that is used is extended, once a day, and its cookie with it', async () => {
    const { cookie, id } = await auth.someone();
    expect((await auth.get('get-session', { cookie })).headers.getSetCookie()).toEqual([]);
    const text = `update session set expires_at = now() + interval '5 days' where user_id = $1`;
    await auth.pool.query({ text, values: [id] });
    const answer = await auth.get('get-session', { cookie });
    expect(Date.parse(answer.body.session.expiresAt) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    expect(answer.headers.getSetCookie()).toEqual([expect.stringContaining('Max-Age=604800')]);
    expect(cookieOf(answer)).toBe(cookie);
    await auth.pool.query({ text, values: [id] });
    expect((await auth.get('token', { cookie })).headers.getSetCookie()).toHaveLength(1);
    expect((await auth.get('token', { cookie })).headers.getSetCookie()).toHaveLength(0);
  });

  test('are listed without their tokens, page by page, and ended one by one or all the others', async () => {
    const someone = await auth.someone();
    for (let i = 0; i < 3; i++) await signIn(someone.email);
    const { token } = (await signIn(someone.email)).body;
    const list = await auth.get('sessions', bearer(token));
    expect(list.body.items).toHaveLength(5);
    expect(list.body.items.map(({ current }) => current)).toEqual([true, false, false, false, false]);
    expect(JSON.stringify(list.body)).not.toContain(token);
    const page = await auth.get('sessions?limit=2', bearer(token));
    const next = await auth.get(`sessions?limit=2&cursor=${page.body.nextCursor}`, bearer(token));
    const last = await auth.get(`sessions?limit=2&cursor=${next.body.nextCursor}`, bearer(token));
    const ids = [page, next, last].flatMap(({ body }) => body.items.map(({ id }) => id));
    expect(ids).toEqual(list.body.items.map(({ id }) => id));
    expect(last.body.nextCursor).toBeNull();

    const victim = list.body.items[2]?.id ?? '';
    expect((await auth.ask('DELETE', `sessions/${victim}`, { headers: bearer(token) })).status).toBe(204);
    expect((await auth.ask('DELETE', `sessions/${victim}`, { headers: bearer(token) })).status).toBe(404);
    const stranger = await auth.someone();
    const theirs = await auth.ask('DELETE', `sessions/${list.body.items[3]?.id}`, { headers: stranger.bearer });
    expect([theirs.status, theirs.body.code]).toEqual([404, 'not_found']);
    const others = await auth.ask('DELETE', 'sessions', { headers: bearer(token) });
    expect([others.status, others.body.revoked]).toEqual([200, 3]);
    expect((await auth.get('get-session', bearer(token))).status).toBe(200);
    expect((await auth.get('get-session', someone.bearer)).status).toBe(401);
    const revoked = () => auth.events.filter(({ type, subject }) => type === 'session.revoked.v1' && subject === someone.id);
    await until(() => revoked().length === 4);
  });
});

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
    const revoked = () => auth.events.filter(({ type, subject }) => type === 'session.revoked.v1' && subject === someone.id);
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

describe('access tokens', () => {
  test('say who it is, for a while, and every service can check them', async () => {
    const someone = await auth.someone({ role: 'seller' });
    const { body, headers } = await auth.get('token', someone.bearer);
    expect(headers.get('cache-control')).toBe('no-store');
    const claims = decodeJwt(body.token);
    const sid = (await auth.get('get-session', someone.bearer)).body.session.id;
    expect(claims).toMatchObject({
      iss: 'tradepost',
      aud: 'tradepost',
      sub: someone.id,
      sid,
      role: 'seller',
      name: 'Some One',
      email: someone.email,
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(900);
    const { keys } = (await auth.get('jwks')).body;
    expect(decodeProtectedHeader(body.token)).toEqual({ alg: 'EdDSA', typ: 'JWT', kid: keys[0]?.kid });
    const verifier = createTokenVerifier({ jwksUrl: `${auth.url}/api/v1/auth/jwks`, log: pino({ level: 'silent' }) });
    const { accountId, role } = await verifier.verify(body.token);
    expect([accountId, role]).toEqual([someone.id, 'seller']);
  });

  test('the key set is public, and has no private part', async () => {
    const { status, body, headers } = await auth.get('jwks');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=300');
    expect(body.keys).toHaveLength(1);
    expect(Object.keys(body.keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    expect(body.keys[0]).toMatchObject({ alg: 'EdDSA', crv: 'Ed25519', kty: 'OKP', use: 'sig' });
    const { rows } = await auth.pool.query<{ key: string }>({ text: 'select private_key as key from signing_key' });
    expect(rows[0]?.key).toMatch(/^[0-9a-f]+$/);
  });

  test('cost one statement', async () => {
    const { bearer: headers } = await auth.someone();
    await auth.pool.query({ text: 'create extension if not exists pg_stat_statements' }).catch(() => undefined);
    const tables = `select coalesce(sum(seq_scan + idx_scan), 0)::int as scans from pg_stat_user_tables where relname = 'session'`;
    expect((await auth.get('token', headers)).status).toBe(200);
    expect((await auth.pool.query<{ scans: number }>({ text: tables })).rows).toHaveLength(1);
  });
});

/** How often passwords were hashed and compared, as the service itself counts. */
async function hashes(service: Auth): Promise<{ hash: number; verify: number }> {
  const text = await (await fetch(new URL('/metrics', service.managementUrl))).text();
  const read = (operation: string) =>
    Number(new RegExp(`password_hashes_total\\{[^}]*operation="${operation}"[^}]*\\} (\\d+)`).exec(text)?.[1] ?? 0);
  return { hash: read('hash'), verify: read('verify') };
}
