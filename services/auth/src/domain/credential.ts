/** What a request says about who it comes from. */
export type Credential =
  | { kind: 'session'; token: string }
  | { kind: 'cookie'; value: string }
  | { kind: 'api-key'; key: string }
  | { kind: 'jwt'; jwt: string }
  /** An Authorization header that is none of these. */
  | { kind: 'unknown' };

/** How every API key begins, so that it can be told from a session token, and found where it does not belong. */
export const API_KEY_PREFIX = 'tpk_';

/** Longer than anything of ours; a longer one is not looked at. */
const LONGEST = 4096;
const API_KEY = /^tpk_[A-Za-z0-9_-]{43}$/;
const SESSION_TOKEN = /^[A-Za-z0-9]{16,128}$/;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

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
  const token = /^bearer +(\S+) *$/i.exec(header.slice(0, LONGEST))?.[1] ?? '';
  if (header.length > LONGEST || token === '') return { kind: 'unknown' };
  if (API_KEY.test(token)) return { kind: 'api-key', key: token };
  if (JWT.test(token)) return { kind: 'jwt', jwt: token };
  // better-auth's clients send the token with its signature, as it is in the cookie; the token alone is the secret.
  const [bare = ''] = token.split('.', 1);
  return SESSION_TOKEN.test(bare) ? { kind: 'session', token: bare } : { kind: 'unknown' };
}

/** The value of a cookie, as it was sent. Source: https://www.rfc-editor.org/rfc/rfc6265#section-5.4 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined || !header.includes(name)) return undefined;
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals !== -1 && pair.slice(0, equals).trim() === name) {
      const value = pair.slice(equals + 1).trim();
      if (value !== '') return value;
    }
  }
  return undefined;
}
