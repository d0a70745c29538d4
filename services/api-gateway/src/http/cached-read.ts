import type { IncomingMessage, ServerResponse } from 'node:http';
import { isNotModified } from '@tradepost/runtime/conditional';
import type { ResponseCache } from '../actions/response-cache.ts';
import type { ResponseFlight } from '../actions/response-flight.ts';
import type { StoredResponse } from '../actions/stored-response.ts';
import { cacheKeyOf, mayLead, mayUseCache } from '../domain/cache-key.ts';
import type { Route } from '../domain/routing.ts';
import type { Sink } from '../upstream/upstream-exchange.ts';
import { endResponse } from './end-response.ts';

/** How a request uses the cache. */
export type CacheUse = {
  cache: ResponseCache;
  key: string;
  /** It may wait for the same read of another client, and others for its own. */
  mayShare: boolean;
};

/** Undefined: the request is passed on as if there was no cache. */
export function cacheUseOf(
  { method, url = '', headers }: IncomingMessage,
  route: Route,
  cache: ResponseCache | undefined,
): CacheUse | undefined {
  if (!route.cacheable || cache === undefined) return undefined;
  const key = mayUseCache(method, headers) ? cacheKeyOf(url) : undefined;
  if (key !== undefined) return { cache, key, mayShare: mayLead(method, headers) };
  if (method === 'GET' || method === 'HEAD') cache.count('excluded');
  return undefined;
}

/** Begins a read whose answer is kept and shared where its service allows it; undefined where this read is of no use to others. */
export function leadRead(use: CacheUse | undefined, answer: Sink): ResponseFlight | undefined {
  if (use === undefined) return undefined;
  const flight = use.mayShare ? use.cache.lead(use.key, answer) : undefined;
  use.cache.count(flight === undefined ? 'alone' : 'miss');
  return flight;
}

/** Describe the body, which a 304 does not have (RFC 9110, section 15.4.5). */
const ofTheBody: ReadonlySet<string> = new Set(['content-type', 'content-length', 'content-encoding']);

/** Writes what is kept to a client: 200, or 304 where it has that already. Returns the status. */
export function sendStored(
  request: IncomingMessage,
  response: ServerResponse,
  { stored, vary, added }: { stored: StoredResponse; vary: string | undefined; added: readonly string[] },
): number {
  const isKnown = isNotModified(request.headers, { etag: stored.etag });
  const headers = isKnown ? stored.headers.filter(isNotOfTheBody) : [...stored.headers];
  headers.push('age', String(Math.max(0, Math.floor((performance.now() - stored.bornAt) / 1000))));
  if (vary !== undefined) headers.push('vary', vary);
  headers.push(...added);
  const status = isKnown ? 304 : 200;
  response.writeHead(status, headers);
  if (isKnown || request.method === 'HEAD') response.end();
  else endResponse(response, stored.body);
  return status;
}

/** Of names and values in turn. */
function isNotOfTheBody(_text: string, index: number, all: readonly string[]): boolean {
  return !ofTheBody.has(all[index - (index % 2)] ?? '');
}
