import { createTokenVerifier } from '@tradepost/runtime/token-verifier';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Auth, startAuth } from './client.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth.stop());

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
});
