import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Auth, cookieOf, PASSWORD, startAuth } from './client.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth({
    PUBLIC_URL: 'https://shop.example',
    TRUSTED_ORIGINS: 'https://admin.example,http://localhost:5173',
  });
});
afterAll(() => auth.stop());

const rename = (headers: Record<string, string>) => auth.post('update-user', { body: { name: 'Renamed' }, headers });

describe('a request with the session cookie', () => {
  test.each([
    ['of the site itself', { origin: 'https://shop.example' }],
    ['of a trusted origin', { origin: 'https://admin.example' }],
    ['of another trusted origin', { origin: 'http://localhost:5173' }],
    ['of the host it was sent to', { origin: 'https://api.shop.example', 'x-forwarded-host': 'api.shop.example' }],
    ['that the browser vouches for', { 'sec-fetch-site': 'same-origin' }],
  ])('%s is served', async (_, headers) => {
    const { cookie } = await auth.someone();
    expect((await rename({ cookie, ...headers })).status).toBe(200);
  });

  test.each([
    ['of no origin', {}],
    ['of another origin', { origin: 'https://evil.example' }],
    ['of a sandbox', { origin: 'null' }],
    ['of a subdomain', { origin: 'https://evil.shop.example', 'sec-fetch-site': 'same-site' }],
    ['of another scheme', { origin: 'http://shop.example' }],
    ['of another site, without an origin', { 'sec-fetch-site': 'cross-site' }],
  ])('%s is refused before anything happens', async (_, headers) => {
    const { cookie, bearer } = await auth.someone();
    for (const [method, path, body] of [
      ['POST', 'update-user', { name: 'Renamed' }],
      ['POST', 'sign-out', undefined],
      ['POST', 'change-password', { currentPassword: PASSWORD, newPassword: 'another fine passphrase' }],
      ['POST', 'api-keys', { name: 'stolen' }],
      ['POST', 'sign-in/email', { email: 'a@example.com', password: PASSWORD }],
      ['DELETE', 'sessions', undefined],
    ] as const) {
      const answer = await auth.ask(method, path, { body, headers: { cookie, ...headers } });
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'origin_refused']);
    }
    const { body } = await auth.get('get-session', bearer);
    expect(body.user.name).toBe('Some One');
  });

  test('only reads from anywhere: another page does not get to see the answer', async () => {
    const { cookie } = await auth.someone();
    expect((await auth.get('get-session', { cookie, origin: 'https://evil.example' })).status).toBe(200);
  });
});

test('without the cookie no origin is needed, with any other cookies', async () => {
  const { bearer } = await auth.someone();
  expect((await rename(bearer)).status).toBe(200);
  expect((await rename({ ...bearer, cookie: 'theme=dark' })).status).toBe(200);
  expect((await rename({ ...bearer, origin: 'https://partner.example' })).status).toBe(200);
});

test('over https the cookie is for https only, and no other is looked at', async () => {
  const { email, bearer } = await auth.someone();
  const answer = await auth.post('sign-in/email', { body: { email, password: PASSWORD } });
  expect(answer.headers.getSetCookie()).toEqual([
    expect.stringMatching(
      /^__Secure-better-auth\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    ),
  ]);
  const cookie = cookieOf(answer);
  expect((await auth.get('get-session', { cookie })).status).toBe(200);
  expect((await auth.get('get-session', { cookie: cookie.replace('__Secure-', '') })).status).toBe(401);
  expect((await auth.get('get-session', bearer)).status).toBe(200);
});
