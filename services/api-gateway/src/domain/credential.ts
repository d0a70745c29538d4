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

/** Longer ones are not looked at: neither tokens nor keys come near it, and each would be hashed and sent on. */
const LONGEST = 8 * 1024;

const jwtShape = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * What the request carries; an `Authorization` header wins over a cookie. Undefined when there is nothing, or nothing that
 * the gateway understands (the service behind then judges the header as it stands).
 */
export function readCredential(authorization: string | undefined, cookie: string | undefined): Credential | undefined {
  if (authorization !== undefined) {
    if (authorization.length > LONGEST || !/^bearer /i.test(authorization)) return undefined;
    const value = authorization.slice(7).trim();
    if (value === '') return undefined;
    return { kind: jwtShape.test(value) ? 'jwt' : 'token', value };
  }
  if (cookie === undefined || cookie.length > LONGEST) return undefined;
  const value = sessionCookie(cookie);
  return value === undefined ? undefined : { kind: 'cookie', value };
}

function sessionCookie(header: string): string | undefined {
  if (!header.includes('better-auth.session_token')) return undefined;
  const pairs = header.split(';').map((pair) => pair.trim());
  for (const name of cookieNames) {
    const found = pairs.find((pair) => pair.startsWith(`${name}=`) && pair.length > name.length + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
