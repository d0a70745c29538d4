import { isIdentified } from './credential.ts';
import type { IncomingHeaders } from './request-headers.ts';

/** Longer request targets are not kept: keys take memory, too. */
const LONGEST_TARGET = 1024;

/**
 * The key under which the answer to a GET or HEAD is kept: the path and the query, with its parameters sorted by name. The order of
 * parameters of one name stays. Undefined where the target is too long to be one.
 */
export function cacheKeyOf(target: string): string | undefined {
  if (target.length > LONGEST_TARGET) return undefined;
  const at = target.indexOf('?');
  if (at === -1 || !target.includes('&', at)) return target.endsWith('?') ? target.slice(0, -1) : target;
  const parameters = target.slice(at + 1).split('&');
  const sorted = parameters.filter((one) => one !== '').sort((a, b) => compare(nameOf(a), nameOf(b)));
  return sorted.length === 0 ? target.slice(0, at) : `${target.slice(0, at)}?${sorted.join('&')}`;
}

const nameOf = (parameter: string): string => parameter.split('=', 1)[0] ?? '';

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Ask for something else than the whole answer as it is now. */
const EXCLUDING = [
  'range',
  'if-match',
  'if-unmodified-since',
  'if-modified-since',
  'prefer',
  'transfer-encoding',
] as const;

/**
 * Whether a request may be answered from what others were given: it says nothing of who it is from, has no body, and does not ask for
 * an answer of its own.
 */
export function mayUseCache(method: string | undefined, headers: IncomingHeaders): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (isIdentified(headers)) return false;
  if (EXCLUDING.some((name) => headers[name] !== undefined)) return false;
  if ((headers['content-length'] ?? '0') !== '0') return false;
  return !asksForFresh(headers) && headers.accept?.includes('text/event-stream') !== true;
}

/** Whether others may share the request to the service: what it says beside its target would make another answer of it. */
export function mayLead(method: string | undefined, headers: IncomingHeaders): boolean {
  return method === 'GET' && headers['if-none-match'] === undefined;
}

function asksForFresh(headers: IncomingHeaders): boolean {
  const control = headers['cache-control'];
  if (control === undefined) return headers.pragma?.includes('no-cache') === true;
  return /no-cache|no-store|max-age\s*=\s*"?0/i.test(String(control));
}
