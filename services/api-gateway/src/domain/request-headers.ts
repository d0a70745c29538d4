/** Belongs to one connection (RFC 9110, section 7.6.1), or is written anew for the next. */
const connectionBound = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Says something that only the gateway may say: who the caller is, where from, and under which name the service was
 * asked; or would make the service see another request than the gateway does.
 */
const gatewaysOwn =
  /^(?:x[-_](?:forwarded|user|account|tradepost|auth|identity|internal|real[-_]ip|client|original|rewrite|request[-_]id|http[-_]method|method[-_]override|envoy|cluster)|proxy[-_]|forwarded$|true[-_]client|cf[-_]|traceparent$|tracestate$)/;

export type IncomingHeaders = Record<string, string | string[] | undefined>;

/** What the gateway adds to a request. */
export type GatewayHeaders = {
  forwardedFor: string;
  protocol: string;
  /** As the client knows this host. */
  host: string;
  requestId: string;
  traceparent: string | undefined;
  /** In place of the client's own; undefined: none. */
  authorization: string | undefined;
  /** Are the client's cookies passed on? */
  cookies: boolean;
  /** Of a body that is streamed; a buffered one has its own. */
  contentLength: string | undefined;
};

/**
 * The headers for the service behind, as names and values in turn. The first two are left for `host`, which differs
 * from attempt to attempt.
 */
export function buildUpstreamHeaders(incoming: IncomingHeaders, own: GatewayHeaders): string[] {
  const headers = ['host', ''];
  const listed = connectionListed(incoming.connection);
  for (const name in incoming) {
    if (connectionBound.has(name) || name === 'authorization' || (name === 'cookie' && !own.cookies)) continue;
    if (gatewaysOwn.test(name) || listed?.has(name)) continue;
    const value = incoming[name];
    if (typeof value === 'string') headers.push(name, value);
    else if (value !== undefined) for (const one of value) headers.push(name, one);
  }
  headers.push('x-forwarded-for', own.forwardedFor, 'x-forwarded-proto', own.protocol, 'x-forwarded-host', own.host);
  headers.push('x-request-id', own.requestId);
  if (own.traceparent !== undefined) headers.push('traceparent', own.traceparent);
  if (own.authorization !== undefined) headers.push('authorization', own.authorization);
  if (own.contentLength !== undefined) headers.push('content-length', own.contentLength);
  return headers;
}

/** The headers that a `Connection` header lists: they belong to this connection only (RFC 9110, section 7.6.1). */
export function connectionListed(connection: string | string[] | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return new Set(
    String(connection)
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
}
