import { CACHE_HEADER } from '@tradepost/contracts/response-cache';
import { connectionListed, type IncomingHeaders } from './request-headers.ts';

/** Headers that belong to the connection behind (hop-by-hop), reveal the software, or are set by the gateway itself. */
const notForwarded = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'server',
  'x-powered-by',
  'x-request-id',
  'x-content-type-options',
  'x-frame-options',
  'referrer-policy',
  'strict-transport-security',
  'ratelimit',
  'ratelimit-policy',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-expose-headers',
  CACHE_HEADER,
]);

/** The headers of a service's response that clients get, as names and values in turn. `vary`: what the gateway adds to `Vary`. */
export function clientHeaders(headers: IncomingHeaders, vary: string | undefined): string[] {
  const out: string[] = [];
  const listed = connectionListed(headers.connection);
  for (const name in headers) {
    if (notForwarded.has(name) || listed?.has(name) || (vary !== undefined && name === 'vary')) continue;
    const value = headers[name];
    if (typeof value === 'string') out.push(name, value);
    else if (value !== undefined) for (const one of value) out.push(name, one);
  }
  if (vary !== undefined) out.push('vary', headers.vary === undefined ? vary : `${headers.vary}, ${vary}`);
  return out;
}
