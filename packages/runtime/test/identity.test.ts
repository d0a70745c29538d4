import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { type TestIssuer, testIssuer } from '@tradepost/testing/tokens';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { App } from '../src/app.ts';
import { onlyRoles, optionalIdentity, requireIdentity, requireRole } from '../src/identity.ts';
import { jwksStore } from '../src/jwks-store.ts';
import { createTokenVerifier, type TokenVerifierOptions } from '../src/token-verifier.ts';
import { json, listeningApp, problemOf } from './http.ts';
import { notesService } from './notes.ts';

const log = pino({ level: 'silent' });

function routes(app: App): void {
  app.get('/required', (request) => requireIdentity(request));
  app.get('/optional', { config: { auth: 'optional' } }, (request) => ({
    role: optionalIdentity(request)?.role ?? null,
  }));
  app.get('/none', { config: { auth: 'none' } }, (request) => ({ identity: optionalIdentity(request) ?? null }));
  app.get('/selling', (request) => requireRole(request, 'seller'));
  const config = { idempotent: false };
  app.post('/written', { config }, (request) => requireIdentity(request));
  app.post('/offered', { config, onRequest: onlyRoles('seller') }, (request) => requireRole(request, 'seller'));
}

async function guarded(issuer: { jwksUrl: string }, o: Partial<TokenVerifierOptions> = {}) {
  const verifier = createTokenVerifier({ jwksUrl: issuer.jwksUrl, log, refetchAfterMs: 0, ...o });
  const app = await listeningApp(routes, { verifier });
  onTestFinished(() => app.close());
  return app.url;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('access tokens', () => {
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await testIssuer();
  });
  afterAll(() => issuer.close());

  test('a good one says who asks', async () => {
    const url = await guarded(issuer);
    const accountId = '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11';
    const who = { accountId, sessionId: 's-1', role: 'seller', name: 'Ada', email: 'ada@tradepost.example' } as const;
    for (let i = 0; i < 2; i++) {
      const response = await fetch(`${url}/required`, { headers: issuer.headers(who) });
      expect(await response.json()).toEqual(who);
    }
  });

  test('none is refused, where one is required', async () => {
    const url = await guarded(issuer);
    const { status, headers, problem } = await problemOf(`${url}/required`);
    expect({ status, code: problem.code }).toEqual({ status: 401, code: 'unauthenticated' });
    expect(headers.get('www-authenticate')).toBe('Bearer realm="tradepost"');
    expect(await (await fetch(`${url}/optional`)).json()).toEqual({ role: null });
    expect(await (await fetch(`${url}/none`, { headers: { authorization: 'Bearer nonsense' } })).json()).toEqual({
      identity: null,
    });
  });

  test('who asks is settled before the body is looked at', async () => {
    const url = await guarded(issuer);
    expect((await problemOf(`${url}/written`, json('{"a":'))).status).toBe(401);
  });

  test('which roles may ask is settled before the body is looked at', async () => {
    const url = await guarded(issuer);
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
    const url = await guarded(issuer);
    const forged = { 'x-account-id': 'a', 'x-user-id': 'a', 'x-role': 'admin', 'x-forwarded-user': 'admin' };
    expect((await problemOf(`${url}/required`, { headers: forged })).status).toBe(401);
  });

  test('bad ones are refused', async () => {
    const url = await guarded(issuer);
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
    const url = await guarded(issuer);
    // The clocks' leeway is five seconds: this one has two left at most.
    const headers = issuer.headers({ expiresIn: -3 });
    const status = async () => (await fetch(`${url}/required`, { headers })).status;
    expect(await status()).toBe(200);
    await until(async () => (await status()) === 401);
  });

  test('roles: an admin may do everything, others what is theirs', async () => {
    const url = await guarded(issuer);
    const as = async (role: 'customer' | 'seller' | 'admin') =>
      (await fetch(`${url}/selling`, { headers: issuer.headers({ role }) })).status;
    expect(await Promise.all([as('customer'), as('seller'), as('admin')])).toEqual([403, 200, 200]);
  });
});

describe('keys', () => {
  let issuer: TestIssuer;
  let database: TestDatabase;
  beforeAll(async () => {
    issuer = await testIssuer();
    database = await testDatabase(notesService.migrations);
  });
  afterAll(async () => {
    await issuer.close();
    await database.drop();
  });

  const ask = (url: string) => fetch(`${url}/required`, { headers: issuer.headers() });

  test('a new key is fetched when a token names it, and tokens of the old one stay good', async () => {
    const url = await guarded(issuer);
    const old = issuer.headers();
    expect((await ask(url)).status).toBe(200);
    issuer.rotate();
    expect((await ask(url)).status).toBe(200);
    expect((await fetch(`${url}/required`, { headers: old })).status).toBe(200);
  });

  test('however many unknown keys are named, they are fetched once in a while only', async () => {
    const url = await guarded(issuer, { refetchAfterMs: 60_000 });
    await ask(url);
    const before = issuer.requests;
    const forged = Array.from({ length: 20 }, (_, i) => issuer.headers({ header: { kid: `forged-${i}` } }));
    const statuses = await Promise.all(
      forged.map(async (headers) => (await fetch(`${url}/required`, { headers })).status),
    );
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(issuer.requests).toBe(before);
  });

  test('they are kept while auth is away', async () => {
    const url = await guarded(issuer, { refreshAfterMs: 0 });
    expect((await ask(url)).status).toBe(200);
    issuer.away = true;
    for (let i = 0; i < 3; i++) expect((await ask(url)).status).toBe(200);
    issuer.away = false;
  });

  test('without any, tokens cannot be told: 503, and 200 once auth is there', async () => {
    issuer.away = true;
    const url = await guarded(issuer);
    const { status, headers, problem } = await problemOf(`${url}/required`, { headers: issuer.headers() });
    expect({ status, code: problem.code }).toEqual({ status: 503, code: 'unavailable' });
    expect(headers.get('retry-after')).toBeTruthy();
    issuer.away = false;
    expect((await ask(url)).status).toBe(200);
  });

  test('a service that is restarted while auth is away has those that were saved', async () => {
    const before = await guarded(issuer, jwksStore(database.pool));
    expect((await ask(before)).status).toBe(200);
    issuer.away = true;
    const after = await guarded(issuer, jwksStore(database.pool));
    expect((await ask(after)).status).toBe(200);
    issuer.away = false;
    issuer.rotate({ forgetOld: true });
    expect((await ask(after)).status).toBe(200);
    const { rows } = await database.pool.query<{ jwks: string }>({ text: 'select jwks from jwks_cache' });
    expect(rows).toHaveLength(1);
    expect(JSON.parse(rows[0]?.jwks ?? '')).toEqual(await (await fetch(issuer.jwksUrl)).json());
  });
});

test('a route that asks for an identity cannot be declared without a way to check tokens', async () => {
  await expect(listeningApp(routes)).rejects.toThrow('has no way to check tokens');
  const misspelt = (app: App) => app.get('/x', { config: { auth: 'sometimes' } }, () => ({}));
  await expect(listeningApp(misspelt)).rejects.toThrow('not sometimes');
});
