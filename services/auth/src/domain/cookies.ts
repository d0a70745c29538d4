import { createHmac, timingSafeEqual } from 'node:crypto';

/** How the session cookie is set. */
export type SessionCookie = { name: string; secure: boolean; maxAgeSeconds: number; path?: string };

/**
 * The session cookie, as better-auth names and writes it. Over https its name begins with `__Secure-`, so that a browser
 * takes it from https only. Source: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3.1
 */
export function sessionCookie(publicUrl: string, maxAgeSeconds: number): SessionCookie {
  const secure = publicUrl.startsWith('https:');
  return { name: `${secure ? '__Secure-' : ''}better-auth.session_token`, secure, maxAgeSeconds };
}

/**
 * The cookie in which the session of an operator waits while they act as a customer. Its value is that of the session cookie, so it is
 * sent to the one route that needs it only.
 */
export function operatorCookie(session: SessionCookie): SessionCookie {
  const { secure } = session;
  return {
    ...session,
    name: `${secure ? '__Secure-' : ''}tradepost.operator_session`,
    path: '/api/v1/auth/stop-acting',
  };
}

/**
 * The cookie of a browser that is at a sign-in provider: only the browser that began can finish. Without a time it is good for none: to clear
 * it.
 */
export function providerCookie(session: SessionCookie, maxAgeSeconds = 0): SessionCookie {
  const { secure } = session;
  const name = `${secure ? '__Secure-' : ''}tradepost.provider_sign_in`;
  return { name, secure, maxAgeSeconds, path: '/api/v1/auth' };
}

/** The header that sets the session cookie. */
export function setSessionCookie(cookie: SessionCookie, token: string, secret: string): string {
  return `${cookie.name}=${signedValue(token, secret)}; Max-Age=${cookie.maxAgeSeconds}; ${attributes(cookie)}`;
}

/** The header that makes a browser forget a cookie. */
export function clearedCookie(cookie: SessionCookie): string {
  return `${cookie.name}=; Max-Age=0; ${attributes(cookie)}`;
}

function attributes({ secure, path = '/' }: SessionCookie): string {
  return `Path=${path}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

/** The value of the session cookie: the token and its signature. */
export function signedValue(token: string, secret: string): string {
  return encodeURIComponent(`${token}.${signatureOf(token, secret)}`);
}

/** The token in the value of a session cookie, if it was signed with one of these secrets. */
export function tokenInCookie(value: string, secrets: readonly string[]): string | undefined {
  const decoded = decode(value);
  const dot = decoded.indexOf('.');
  if (dot <= 0) return undefined;
  const token = decoded.slice(0, dot);
  const signature = Buffer.from(decoded.slice(dot + 1));
  const genuine = secrets.some((secret) => {
    const expected = Buffer.from(signatureOf(token, secret));
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  });
  return genuine ? token : undefined;
}

function signatureOf(token: string, secret: string): string {
  return createHmac('sha256', secret).update(token).digest('base64');
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}
