/** Bytes of a bearer token; longer ones are not looked at: no token or key of ours comes near it, and each would be hashed and sent on. */
const LONGEST_TOKEN = 4096;

const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Whether a token has the shape of a JSON Web Token. Source: https://www.rfc-editor.org/rfc/rfc7519#section-3 */
export const isJwt = (token: string): boolean => JWT.test(token);

/** The token of `Authorization: Bearer …`; undefined for another scheme, for none, and for one that is too long. Source: https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export function readBearerToken(header: string): string | undefined {
  if (header.length > LONGEST_TOKEN) return undefined;
  return /^bearer +(\S+) *$/i.exec(header)?.[1];
}

/**
 * The value of a cookie, as it was sent; undefined where there is none or it is empty. Headers of any length are read (Node.js bounds
 * them), because the check of the origin relies on it that a request without this cookie has none.
 * Source: https://www.rfc-editor.org/rfc/rfc6265#section-5.4
 */
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
