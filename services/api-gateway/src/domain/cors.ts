/** Which pages of other origins may read answers. */
export type CorsPolicy = {
  /** May also send the session cookie. */
  trusted: ReadonlySet<string>;
  /** Without cookies. */
  open: ReadonlySet<string>;
};

const exposed = 'etag, location, link, retry-after, ratelimit, ratelimit-policy, x-request-id, preference-applied';

/** Does any answer depend on its `Origin`? Then every one says so, for caches. */
export function isCorsUsed({ trusted, open }: CorsPolicy): boolean {
  return trusted.size > 0 || open.size > 0;
}

/**
 * The headers that let a page of `origin` read the answer, as names and values in turn; none when it may not.
 * Source: https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function corsHeaders(origin: string | undefined, { trusted, open }: CorsPolicy): readonly string[] {
  if (origin === undefined) return [];
  if (trusted.has(origin)) {
    return [
      'access-control-allow-origin',
      origin,
      'access-control-allow-credentials',
      'true',
      'access-control-expose-headers',
      exposed,
    ];
  }
  if (!open.has('*') && !open.has(origin)) return [];
  return ['access-control-allow-origin', open.has('*') ? '*' : origin, 'access-control-expose-headers', exposed];
}

/** The rest of the answer to a preflight request of an origin that may: what it may send, and for how long it holds. */
export function preflightHeaders(requestedHeaders: string | undefined): readonly string[] {
  const headers = requestedHeaders !== undefined && /^[\w\-, ]{1,1024}$/.test(requestedHeaders) ? requestedHeaders : '';
  return [
    'access-control-allow-methods',
    'GET, HEAD, POST, PUT, PATCH, DELETE',
    ...(headers === '' ? [] : ['access-control-allow-headers', headers]),
    'access-control-max-age',
    '7200',
  ];
}
