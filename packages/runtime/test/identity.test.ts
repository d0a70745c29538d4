import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { Role } from '@tradepost/contracts/roles';
import { type TestIssuer, testIssuer } from '@tradepost/testing/tokens';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../src/app.ts';
import { createTokenVerifier } from '../src/token-verifier.ts';
import { guardedApp, identityRoutes, log } from './guarded-app.ts';
import { json, listeningApp, problemOf } from './http.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('access tokens', () => {
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await testIssuer();
  });
  afterAll(() => issuer.close());

  test('a good one says who asks', async () => {
    const url = await guardedApp(issuer);
    const accountId = '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11';
    const who = { accountId, sessionId: 's-1', role: 'seller', name: 'Ada', email: 'ada@tradepost.example' } as const;
    for (let i = 0; i < 2; i++) {
      const response = await fetch(`${url}/required`, { headers: issuer.headers(who) });
      expect(await response.json()).toEqual(who);
    }
  });

  test('none is refused, where one is required', async () => {
    const url = await guardedApp(issuer);
    const { status, headers, problem } = await problemOf(`${url}/required`);
    expect({ status, code: problem.code }).toEqual({ status: 401, code: 'unauthenticated' });
    expect(headers.get('www-authenticate')).toBe('Bearer realm="tradepost"');
    expect(await (await fetch(`${url}/optional`)).json()).toEqual({ role: null });
    expect(await (await fetch(`${url}/none`, { headers: { authorization: 'Bearer nonsense' } })).json()).toEqual({
      identity: null,
    });
  });

  test('who asks is settled before the body is looked at', async () => {
    const url = await guardedApp(issuer);
    expect((await problemOf(`${url}/written`, json('{"a":'))).status).toBe(401);
  });

  test('which roles may ask is settled before the body is looked at', async () => {
    const url = await guardedApp(issuer);
    const offered = (role: 'customer' | 'seller' | 'admin', body: string) =>
      problemOf(`${url}/offered`, json(body, { headers: issuer.headers({ role }) }));
    expect(await offered('customer', '{"a":')).toMatchObject({ status: 403, problem: { code: 'forbidden' } });
    expect((await problemOf(`${url}/offered`, json('{"a":'))).status).toBe(401);
    for (const role of ['seller', 'admin'] as const) {
      expect((await offered(role, '{"a":')).status).toBe(400);
      expect((await offered(role, '{}')).status).toBe(200);
    }
  });

  test('no other header says who asks', async () => {
    const url = await guardedApp(issuer);
    const forged = { 'x-account-id': 'a', 'x-user-id': 'a', 'x-role': 'admin', 'x-forwarded-user': 'admin' };
    expect((await problemOf(`${url}/required`, { headers: forged })).status).toBe(401);
  });

  test('bad ones are refused', async () => {
    const url = await guardedApp(issuer);
    const good = issuer.token({ role: 'customer' });
    const [header = '', payload = '', signature = ''] = good.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const promoted = encode({ ...claims, role: 'admin' });
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
    const other = generateKeyPairSync('ed25519');
    const unsigned = `${encode({ alg: 'EdDSA', typ: 'JWT', kid })}.${payload}`;
    const jwks = await (await fetch(issuer.jwksUrl)).text();
    const hmac = `${encode({ alg: 'HS256', typ: 'JWT', kid })}.${promoted}`;
    const bad: Record<string, string> = {
      'not a JWT': 'nonsense',
      'two parts': `${header}.${payload}`,
      'four parts': `${good}.x`,
      'no signature': `${header}.${payload}.`,
      'other claims under the signature': `${header}.${promoted}.${signature}`,
      'alg none': issuer.token({ header: { alg: 'none' }, role: 'admin' }),
      'alg none with a signature': `${encode({ alg: 'none', kid })}.${promoted}.${signature}`,
      'HS256 keyed with the public key': `${hmac}.${createHmac('sha256', jwks).update(hmac).digest('base64url')}`,
      'another key under our kid': `${unsigned}.${sign(null, Buffer.from(unsigned), other.privateKey).toString('base64url')}`,
      'no kid': issuer.token({ header: { kid: undefined } }),
      'an unknown kid': issuer.token({ header: { kid: 'unheard-of' } }),
      'another alg': issuer.token({ header: { alg: 'RS256' } }),
      'a critical extension': issuer.token({ header: { crit: ['exp'] } }),
      expired: issuer.token({ expiresIn: -60 }),
      'no expiry': issuer.token({ claims: { exp: undefined } }),
      'not yet valid': issuer.token({ claims: { nbf: Math.floor(Date.now() / 1000) + 600 } }),
      'another issuer': issuer.token({ claims: { iss: 'elsewhere' } }),
      'another audience': issuer.token({ claims: { aud: 'elsewhere' } }),
      'no audience': issuer.token({ claims: { aud: undefined } }),
      'an unknown role': issuer.token({ claims: { role: 'emperor' } }),
      'no account': issuer.token({ claims: { sub: 'someone' } }),
      'no session': issuer.token({ claims: { sid: undefined } }),
      'too long': issuer.token({ claims: { name: 'x'.repeat(5000) } }),
    };
    for (const [what, token] of Object.entries(bad)) {
      for (const path of ['/required', '/optional']) {
        const { status, problem } = await problemOf(url + path, { headers: { authorization: `Bearer ${token}` } });
        expect({ what, status, code: problem.code }).toEqual({ what, status: 401, code: 'unauthenticated' });
      }
    }
    for (const authorization of [`Basic ${good}`, good, 'Bearer', `Bearer ${good} ${good}`]) {
      expect((await problemOf(`${url}/required`, { headers: { authorization } })).status).toBe(401);
    }
  });

  test('a remembered token expires all the same', async () => {
    const url = await guardedApp(issuer);
    // The clocks' leeway is five seconds: this one has two left at most.
    const headers = issuer.headers({ expiresIn: -3 });
    const status = async () => (await fetch(`${url}/required`, { headers })).status;
    expect(await status()).toBe(200);
    await until(async () => (await status()) === 401);
  });

  test('roles: an admin may do everything, others what is theirs', async () => {
    const url = await guardedApp(issuer);
    const as = async (role: 'customer' | 'seller' | 'admin') =>
      (await fetch(`${url}/selling`, { headers: issuer.headers({ role }) })).status;
    expect(await Promise.all([as('customer'), as('seller'), as('admin')])).toEqual([403, 200, 200]);
  });

  test('permissions: of staff, by the claim and nothing else', async () => {
    const url = await guardedApp(issuer);
    const ask = async (path: string, role: Role, claims: Record<string, unknown>, method = 'GET') =>
      (await fetch(url + path, { method, headers: issuer.headers({ role, claims }) })).status;
    const ledger = (role: Role, claims = {}) => ask('/ledger', role, claims);
    expect(await ledger('admin')).toBe(200);
    expect(await ledger('staff', { permissions: ['orders:read', 'payments:read'] })).toBe(200);
    expect(await ledger('staff', { permissions: ['orders:read', 'payments:write', 'payments:reads'] })).toBe(403);
    expect(await ledger('staff', { permissions: 'payments:read' })).toBe(403);
    expect(await ledger('staff')).toBe(403);
    expect(await ledger('seller', { permissions: ['payments:read'] })).toBe(403);
    expect(await ask('/selling', 'staff', { permissions: ['catalogue:write'] })).toBe(200);
    expect(await ask('/selling', 'staff', { permissions: ['catalogue:read'] })).toBe(403);
    for (const [readOnly, status] of [
      [undefined, 200],
      [false, 200],
      [true, 403],
      ['no', 403],
    ] as const) {
      expect(await ask('/written', 'admin', { read_only: readOnly }, 'POST')).toBe(status);
      expect(await ask('/required', 'admin', { read_only: readOnly })).toBe(200);
    }
    const operatorId = '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11';
    const acting = await fetch(`${url}/required`, {
      headers: issuer.headers({ claims: { act: { sub: operatorId } } }),
    });
    expect(await acting.json()).toMatchObject({ role: 'customer', operatorId });
    expect(await ask('/required', 'customer', { act: 'somebody' })).toBe(401);
  });
});

test('a route that asks for an identity cannot be declared without a way to check tokens', async () => {
  await expect(listeningApp(identityRoutes)).rejects.toThrow('has no way to check tokens');
  const misspelt = (app: App) => app.get('/x', { config: { auth: 'sometimes' } }, () => ({}));
  await expect(listeningApp(misspelt)).rejects.toThrow('not sometimes');
});

test('a route for operators cannot be declared without a permission that there is', async () => {
  const verifier = createTokenVerifier({ jwksUrl: 'http://127.0.0.1:1', log });
  const app = (url: string, config: Record<string, unknown>) =>
    listeningApp((one: App) => one.get(url, { config }, () => ({})), { verifier });
  await expect(app('/api/v1/admin/x', {})).rejects.toThrow('must declare config.permission');
  await expect(app('/api/v1/auth/admin/x', { auth: 'none' })).rejects.toThrow('must declare config.permission');
  await expect(app('/x', { permission: 'orders:eat' })).rejects.toThrow('orders:eat');
  const both = { permission: 'orders:read', operatorPermission: 'orders:read' };
  await expect(app('/x', both)).rejects.toThrow('both');
});
