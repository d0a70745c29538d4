import { type KeyObject, verify as verifySignature } from 'node:crypto';
import { isPermission } from '@tradepost/contracts/permissions';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Role } from '@tradepost/contracts/roles';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '@tradepost/contracts/roles';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Identity } from './identity.ts';
import { createKeySet, type KeySetOptions } from './key-set.ts';

/** Tells whose access token a token is. */
export type TokenVerifier = {
  /** The identity of a token that was checked before and has not expired; undefined for any other. */
  known?(token: string): Identity | undefined;
  /** Throws `unauthenticated` for a token that is not good, `unavailable` while there are no keys to check it with. */
  verify(token: string): Promise<Identity>;
};

export type TokenVerifierOptions = KeySetOptions & {
  issuer?: string;
  audience?: string;
  /** How many checked tokens are remembered, the latest used ones; 10,000. */
  remember?: number;
};

/** Clocks of two machines may differ by this much. */
const LEEWAY_S = 5;

/** Longer than any token that `auth` makes. */
const MAX_TOKEN_LENGTH = 4096;

/**
 * Makes a verifier of the access tokens that `auth` signs: JWTs with EdDSA over Ed25519 and nothing else, for our issuer
 * and audience, not expired, with a role that is known. Source: https://www.rfc-editor.org/rfc/rfc8725
 *
 * Checked tokens are remembered until they expire. Keys are kept through an outage of `auth` and, with `load` and
 * `save`, through a restart of this service during one.
 */
export function createTokenVerifier(o: TokenVerifierOptions): TokenVerifier {
  const { issuer = TOKEN_ISSUER, audience = TOKEN_AUDIENCE } = o;
  const keys = createKeySet(o);
  const checked = new LRUCache<string, { identity: Identity; expiresAt: number }>({ max: o.remember ?? 10_000 });

  const known = (token: string): Identity | undefined => {
    const entry = checked.get(token);
    if (!entry) return undefined;
    if (entry.expiresAt > Date.now()) return entry.identity;
    checked.delete(token);
    return undefined;
  };

  return {
    known,
    async verify(token) {
      const remembered = known(token);
      if (remembered) return remembered;
      const parts = split(token);
      const header = decode(parts.header);
      if (header.alg !== 'EdDSA') throw invalidToken('is not signed with EdDSA');
      if (header.crit !== undefined) throw invalidToken('asks for extensions that are not known');
      if (typeof header.kid !== 'string') throw invalidToken('names no key');
      const key = await keys.find(header.kid);
      if (!key) throw invalidToken('is signed with a key that is not known');
      if (!isSigned(parts, key)) throw invalidToken('has a signature that is not right');
      const claims = decode(parts.payload);
      const expiresAt = checkTimes(claims);
      if (claims.iss !== issuer) throw invalidToken('is from another issuer');
      if (![claims.aud].flat().includes(audience)) throw invalidToken('is for another audience');
      const identity = identityOf(claims);
      checked.set(token, { identity, expiresAt });
      return identity;
    },
  };
}

/** The verifier of a service that trusts the keys at `AUTH_URL`. */
export function verifierFor(o: {
  authUrl: string;
  load?: () => Promise<string | undefined>;
  save?: (jwks: string) => Promise<void>;
  log: Logger;
}): TokenVerifier {
  const { authUrl, ...rest } = o;
  return createTokenVerifier({ ...rest, jwksUrl: `${authUrl.replace(/(?<!\/)\/+$/, '')}/api/v1/auth/jwks` });
}

type Parts = { signed: string; header: string; payload: string; signature: string };

function split(token: string): Parts {
  const [header, payload, signature, ...rest] = token.length > MAX_TOKEN_LENGTH ? [] : token.split('.');
  if (!header || !payload || !signature || rest.length > 0) throw invalidToken('is not a JWT');
  return { signed: `${header}.${payload}`, header, payload, signature };
}

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below: whatever cannot be read is no JWT.
  }
  throw invalidToken('is not a JWT');
}

function isSigned(parts: Parts, key: KeyObject): boolean {
  return verifySignature(null, Buffer.from(parts.signed, 'latin1'), key, Buffer.from(parts.signature, 'base64url'));
}

/** Milliseconds since 1970 at which the token expires. */
function checkTimes(claims: Record<string, unknown>): number {
  const now = Date.now() / 1000;
  if (typeof claims.exp !== 'number') throw invalidToken('does not say when it expires');
  if (claims.exp + LEEWAY_S <= now) throw invalidToken('has expired');
  if (typeof claims.nbf === 'number' && claims.nbf - LEEWAY_S > now) throw invalidToken('is not valid yet');
  return (claims.exp + LEEWAY_S) * 1000;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function identityOf(claims: Record<string, unknown>): Identity {
  const { sub, sid, role, name, email } = claims;
  if (typeof sub !== 'string' || !UUID.test(sub)) throw invalidToken('names no account');
  if (typeof sid !== 'string') throw invalidToken('names no session');
  if (!isRole(role)) throw invalidToken('has a role that is not known');
  return {
    accountId: sub,
    sessionId: sid,
    role,
    ...(typeof name === 'string' && { name }),
    ...(typeof email === 'string' && { email }),
    ...limitsOf(claims),
  };
}

/** What a token allows less or more than its role. Whatever cannot be read allows nothing. */
function limitsOf({ role, permissions, read_only: readOnly, act }: Record<string, unknown>): Partial<Identity> {
  const held = Array.isArray(permissions) ? permissions.filter(isPermission) : [];
  return {
    ...(role === 'staff' && { permissions: held }),
    ...(readOnly !== undefined && readOnly !== false && { readOnly: true }),
    ...(act !== undefined && { operatorId: operatorOf(act) }),
  };
}

/** Source of the claim: https://www.rfc-editor.org/rfc/rfc8693#section-4.1 */
function operatorOf(act: unknown): string {
  const sub = typeof act === 'object' && act !== null && 'sub' in act ? act.sub : undefined;
  if (typeof sub !== 'string' || !UUID.test(sub)) throw invalidToken('does not say who acts');
  return sub;
}

function isRole(value: unknown): value is Role {
  return value === 'customer' || value === 'seller' || value === 'staff' || value === 'admin';
}

function invalidToken(why: string): ProblemError {
  return new ProblemError('unauthenticated', `The access token ${why}`);
}
