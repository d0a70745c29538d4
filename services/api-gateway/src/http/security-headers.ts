/** What every answer tells a browser, whatever it is. */
const always = [
  'x-content-type-options',
  'nosniff',
  'referrer-policy',
  'strict-origin-when-cross-origin',
  'x-frame-options',
  'DENY',
] as const;

const strictTransport = ['strict-transport-security', 'max-age=31536000; includeSubDomains'] as const;

/** Names and values in turn. `https`: the client used it, so the response may require it from now on (HSTS). */
export function securityHeaders(https: boolean): readonly string[] {
  return https ? withTransport : always;
}

const withTransport: readonly string[] = [...always, ...strictTransport];

/** For answers that are data, should a browser be made to show one as a page. */
export const dataPolicy = "default-src 'none'; frame-ancestors 'none'";
