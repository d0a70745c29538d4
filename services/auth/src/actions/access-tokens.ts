import { AccessClaims, TOKEN_AUDIENCE, TOKEN_ISSUER } from '@tradepost/contracts/roles';
import { type CryptoKey, jwtVerify, SignJWT } from 'jose';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import { ALGORITHM, type SigningKey } from './signing-key.ts';

export type AccessTokenClaims = Static<typeof AccessClaims>;

/** Signs an access token that lives `lifetimeMs`, but no longer than `until`. */
export function signAccessToken(
  claims: AccessTokenClaims,
  key: { id: string; privateKey: CryptoKey },
  o: { now: Date; lifetimeMs: number; until: Date | null | undefined },
): Promise<string> {
  const issuedAt = Math.floor(o.now.getTime() / 1000);
  const expiresAt = issuedAt + Math.floor(o.lifetimeMs / 1000);
  const latest = o.until ? Math.floor(o.until.getTime() / 1000) : expiresAt;
  return new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, kid: key.id, typ: 'JWT' })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(Math.min(expiresAt, latest))
    .sign(key.privateKey);
}

/** The claims of a token that one of the keys has signed and that is good now; undefined of any other. */
export async function verifyAccessToken(
  jwt: string,
  keys: readonly SigningKey[],
  now: Date,
): Promise<AccessTokenClaims | undefined> {
  const find = ({ kid }: { kid?: string }): CryptoKey => {
    const key = keys.find((one) => one.id === kid);
    if (!key) throw new TypeError('No key of ours');
    return key.publicKey;
  };
  const checks = { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE, algorithms: [ALGORITHM], currentDate: now };
  const payload = await jwtVerify(jwt, find, { ...checks, requiredClaims: ['sub', 'exp'] }).then(
    (verified): unknown => verified.payload,
    // Whatever is wrong with it, it is no token of ours.
    () => undefined,
  );
  return Value.Check(AccessClaims, payload) ? payload : undefined;
}
