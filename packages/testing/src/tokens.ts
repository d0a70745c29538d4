import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Role, TOKEN_AUDIENCE, TOKEN_ISSUER } from '@tradepost/contracts/roles';

/** Whom a token is about; what is left out is made up, and a customer. */
export type TokenOptions = {
  accountId?: string;
  sessionId?: string;
  role?: Role;
  name?: string;
  email?: string;
  /** Seconds from now; 300. Negative for one that has expired. */
  expiresIn?: number;
  /** Claims that replace or, if undefined, remove those above: `{ iss: 'someone else' }`. */
  claims?: Record<string, unknown>;
  /** Members of the header likewise: `{ alg: 'none' }`. */
  header?: Record<string, unknown>;
};

/** Stands in for `auth` where a service is tested alone: signs access tokens, and serves the keys to check them. */
export type TestIssuer = {
  /** What goes into AUTH_URL. */
  readonly url: string;
  readonly jwksUrl: string;
  /** A signed access token. */
  token(o?: TokenOptions): string;
  /** `{ authorization: 'Bearer …' }` with such a token. */
  headers(o?: TokenOptions): { authorization: string };
  /** Signs with a new key from now on; the old one stays in the set unless it is to be forgotten. */
  rotate(o?: { forgetOld?: boolean }): void;
  /** While true, keys are not served: every request is answered with 500. */
  isUnavailable: boolean;
  /** How often the keys have been asked for. */
  readonly requests: number;
  close(): Promise<void>;
};

type SigningKey = { kid: string; privateKey: KeyObject; jwk: Record<string, unknown> };

/** Starts an issuer on a free port of loopback. */
export async function testIssuer(): Promise<TestIssuer> {
  let keys = [makeKey()];
  let requests = 0;
  const server = createServer((_request, response) => {
    requests++;
    if (issuer.isUnavailable) response.writeHead(500).end();
    else {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  // as: a server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const token = (o: TokenOptions = {}): string => {
    const key = keys.at(-1) ?? makeKey();
    const header = encode({ alg: 'EdDSA', typ: 'JWT', kid: key.kid, ...o.header });
    const payload = encode(claimsOf(o));
    const signature = sign(null, Buffer.from(`${header}.${payload}`), key.privateKey).toString('base64url');
    return `${header}.${payload}.${o.header?.alg === 'none' ? '' : signature}`;
  };
  const issuer: TestIssuer = {
    url,
    jwksUrl: `${url}/api/v1/auth/jwks`,
    token,
    headers: (o) => ({ authorization: `Bearer ${token(o)}` }),
    rotate({ forgetOld = false } = {}) {
      keys = forgetOld ? [makeKey()] : [...keys, makeKey()];
    },
    isUnavailable: false,
    get requests() {
      return requests;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return issuer;
}

function claimsOf(o: TokenOptions): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: TOKEN_ISSUER,
    aud: TOKEN_AUDIENCE,
    iat: now,
    exp: now + (o.expiresIn ?? 300),
    sub: o.accountId ?? randomUUID(),
    sid: o.sessionId ?? randomUUID(),
    role: o.role ?? 'customer',
    ...(o.name !== undefined && { name: o.name }),
    ...(o.email !== undefined && { email: o.email }),
    ...o.claims,
  };
}

function makeKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const kid = randomUUID();
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' } };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
