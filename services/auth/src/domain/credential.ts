import { isJwt, readBearerToken, readCookie } from '@tradepost/runtime/credentials';

/** What a request says about who it comes from. */
export type Credential =
  | { kind: 'session'; token: string }
  | { kind: 'cookie'; value: string }
  | { kind: 'api-key'; key: string }
  | { kind: 'jwt'; jwt: string }
  /** An Authorization header that is none of these. */
  | { kind: 'unknown' };

/** How every API key begins, so that it differs from a session token, and scanners find it where it does not belong. */
export const API_KEY_PREFIX = 'tpk_';

const API_KEY = /^tpk_[A-Za-z0-9_-]{43}$/;
const SESSION_TOKEN = /^[A-Za-z0-9]{16,128}$/;

/** The credential of a request; undefined when it carries none. An Authorization header wins over the cookie. */
export function readCredential(
  headers: { authorization?: string | undefined; cookie?: string | undefined },
  cookieName: string,
): Credential | undefined {
  if (headers.authorization !== undefined) return readBearer(headers.authorization);
  const value = readCookie(headers.cookie, cookieName);
  return value === undefined ? undefined : { kind: 'cookie', value };
}

function readBearer(header: string): Credential {
  const token = readBearerToken(header);
  if (token === undefined) return { kind: 'unknown' };
  if (API_KEY.test(token)) return { kind: 'api-key', key: token };
  if (isJwt(token)) return { kind: 'jwt', jwt: token };
  // better-auth's clients send the token with its signature, as it is in the cookie; the token alone is the secret.
  const [bare = ''] = token.split('.', 1);
  return SESSION_TOKEN.test(bare) ? { kind: 'session', token: bare } : { kind: 'unknown' };
}
