import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Auth, startAuth } from './client.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth({ SIGN_IN_FAILURES_PER_ADDRESS: 0 });
});
afterAll(() => auth.stop());

describe('SQL and script in text', () => {
  const strings = [
    `'; drop table user_account; --`,
    `<script>alert(1)</script>`,
    `\${jndi:ldap://x}`,
    `Robert'); --`,
    '%_\\',
  ];

  test.each(strings)('%s is only text', async (name) => {
    const password = `${name} and a fine passphrase`;
    const email = `sql-${strings.indexOf(name)}@example.com`;
    const answer = await auth.post('sign-up/email', { body: { name, email, password } });
    expect([answer.status, answer.body.user?.name]).toEqual([200, name]);
    expect((await auth.post('sign-in/email', { body: { email, password } })).status).toBe(200);
    expect((await auth.post('sign-in/email', { body: { email, password: `${password}'` } })).status).toBe(401);
  });

  test('in a path, a query or a token finds nothing', async () => {
    const { bearer } = await auth.someone({ role: 'admin' });
    const text = encodeURIComponent(`' or '1'='1`);
    expect((await auth.ask('DELETE', `sessions/${text}`, { headers: bearer })).status).toBe(400);
    expect((await auth.get(`sessions?cursor=${text}`, bearer)).body.code).toBe('invalid_cursor');
    expect((await auth.get(`admin/accounts?email=${text}`, bearer)).status).toBe(400);
    expect((await auth.get(`admin/accounts/${text}`, bearer)).status).toBe(400);
    expect((await auth.get(`get-session`, { authorization: `Bearer ' or '1'='1` })).status).toBe(401);
  });
});

describe('credentials that are forged', () => {
  test('cookies', async () => {
    const { cookie, token } = await auth.someone();
    const [name = '', value = ''] = cookie.split('=');
    const signature = decodeURIComponent(value).split('.')[1] ?? '';
    for (const forged of [
      token,
      `${token}.`,
      `${token}.${signature.slice(0, -4)}AAA=`,
      `${'A'.repeat(32)}.${signature}`,
      `${token}.${signature}.${signature}`,
      encodeURIComponent('../../etc/passwd'),
      '%E0%A4%A',
      'x'.repeat(6000),
    ]) {
      expect([forged, (await auth.get('get-session', { cookie: `${name}=${forged}` })).status]).toEqual([forged, 401]);
    }
    expect((await auth.get('get-session', { cookie })).status).toBe(200);
  });

  test('tokens', async () => {
    const { token, bearer } = await auth.someone();
    const { token: jwt } = (await auth.get('token', bearer)).body;
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { keys } = (await auth.get('jwks')).body;
    for (const forged of [
      token.toLowerCase(),
      `${token}x`,
      'A'.repeat(32),
      `tpk_${'A'.repeat(43)}`,
      `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`,
      `${encode({ alg: 'HS256', kid: keys[0]?.kid })}.${payload}.${signature}`,
      `${header}.${encode({ ...claims, role: 'admin' })}.${signature}`,
      `${encode({ alg: 'EdDSA', kid: 'unknown' })}.${payload}.${signature}`,
      `${encode({ alg: 'EdDSA' })}.${payload}.${signature}`,
      auth.issuer.token({ role: 'admin' }),
      `${header}.${payload}.`,
    ]) {
      const answer = await auth.get('get-session', { authorization: `Bearer ${forged}` });
      expect([forged, answer.status, answer.body.code]).toEqual([forged, 401, 'unauthenticated']);
      expect((await auth.get('token', { authorization: `Bearer ${forged}` })).status).toBe(401);
    }
  });

  test('headers that claim to be somebody', async () => {
    const headers = {
      'x-user-id': '1',
      'x-account-id': '1',
      'x-role': 'admin',
      'x-client-address': '127.0.0.1',
      'x-forwarded-user': 'admin',
    };
    expect((await auth.get('admin/accounts', headers)).status).toBe(401);
    const { bearer } = await auth.someone();
    expect((await auth.get('admin/accounts', { ...bearer, ...headers })).status).toBe(403);
  });
});

test('what better-auth has beyond this is not there', async () => {
  const { bearer } = await auth.someone({ role: 'admin' });
  for (const [method, path] of [
    ['GET', 'ok'],
    ['GET', 'error'],
    ['GET', 'list-sessions'],
    ['GET', 'list-accounts'],
    ['POST', 'sign-in/social'],
    ['POST', 'revoke-sessions'],
    ['POST', 'delete-user'],
    ['POST', 'delete-user/callback'],
    ['POST', 'set-password'],
    ['GET', 'reset-password/a-token?callbackURL=/'],
    ['POST', 'unlink-account'],
    ['POST', 'verify-password'],
    ['POST', 'update-session'],
    ['POST', 'sign-jwt'],
    ['POST', 'admin/set-role'],
    ['POST', 'admin/impersonate-user'],
  ] as const) {
    const answer = await auth.ask(method, path, { headers: bearer });
    expect([path, answer.status, answer.body.code]).toEqual([path, 404, 'not_found']);
  }
  expect((await auth.get('sign-in/email')).status).toBe(405);
});
