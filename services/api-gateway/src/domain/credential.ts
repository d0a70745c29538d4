import { isJwt, readBearerToken, readCookie } from '@tradepost/runtime/credentials';

/** How a request says who it is from. */
export type Credential =
  /** A bearer token that looks like a JWT: the services check it themselves. */
  | { kind: 'jwt'; value: string }
  /** A session token or an API key, as a bearer token. */
  | { kind: 'token'; value: string }
  /** `name=value` of the session cookie, and nothing else of the header. */
  | { kind: 'cookie'; value: string };

/** The session cookie of `auth`; the prefixed one is set over https. */
const cookieNames = ['__Secure-better-auth.session_token', 'better-auth.session_token'];

/**
 * What the request carries; an `Authorization` header wins over a cookie. Undefined when there is nothing, or nothing that
 * the gateway understands (the service behind then judges the header as it stands).
 */
export function readCredential(authorization: string | undefined, cookie: string | undefined): Credential | undefined {
  if (authorization !== undefined) {
    const value = readBearerToken(authorization);
    return value === undefined ? undefined : { kind: isJwt(value) ? 'jwt' : 'token', value };
  }
  for (const name of cookieNames) {
    const value = readCookie(cookie, name);
    if (value !== undefined) return { kind: 'cookie', value: `${name}=${value}` };
  }
  return undefined;
}

/**
 * Whether a request carries anything that may say who it is from, also where it is not valid: its answer is never shared with others.
 * Cookies of other names do not count, since no service but `auth` is given any.
 */
export function isIdentified(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  if (CREDENTIAL_HEADERS.some((name) => headers[name] !== undefined)) return true;
  const { cookie } = headers;
  return cookie !== undefined && cookieNames.some((name) => cookie.includes(name));
}

/** No service reads `X-API-Key`; a client that sends one means to be known all the same. */
const CREDENTIAL_HEADERS = ['authorization', 'proxy-authorization', 'x-api-key'] as const;
