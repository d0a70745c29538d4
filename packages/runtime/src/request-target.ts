import type { IncomingMessage } from 'node:http';
import { ProblemError } from '@tradepost/contracts/problem-error';

/*
 * One normal form of the request target, made before anything is decided. Routing, rate limits, the audit trail, CORS and
 * access all compare paths; if one of them sees `/api/v1/auth/%73ign-in` and another `/api/v1/auth/sign-in`, a client
 * chooses by its spelling which rules hold. The form is that of RFC 3986, section 6.2.2, with repeated slashes as one:
 * unreserved characters are decoded, other escapes have capital letters, and dot segments are resolved. What could be read
 * in two ways after that (an encoded slash, backslash or control character, a bad escape) is refused.
 */

/** A target in its normal form, with its query as it came; `problem` says why it is refused instead. */
export type NormalTarget = { target: string; problem: ProblemError | undefined };

/** Paths of which nothing has to be changed, which is nearly all of them. */
const normalAlready = /^(?!$)(?:\/(?!\.{1,2}(?:\/|$))[\w\-.~!$&'()*+,=:@]+)*\/?$/;
const absoluteForm = /^https?:\/\/([^/?#]*)/i;
const printable = /^[\x21-\x7e]*$/;
const badEscape = /%(?![0-9a-f]{2})/i;
const unwantedEscape = /%(?:2f|5c|[01][0-9a-f]|7f)/i;
const unreserved = /[\w\-.~]/;

/**
 * Makes the normal form of a request target. An absolute target (`GET http://host/path`) is answered as its path, where its
 * host is that of the `Host` header: RFC 9112, section 3.2.2, makes a client send the same, and a difference is an attempt to
 * have two servers read two hosts.
 */
export function normalizeTarget(target: string, host: string | undefined): NormalTarget {
  const absolute = absoluteForm.exec(target);
  if (absolute !== null) {
    const rest = target.slice(absolute[0].length);
    const inner = normalizeTarget(rest.startsWith('/') ? rest : `/${rest}`, undefined);
    const isSame = hostOf(absolute[1]) !== undefined && hostOf(absolute[1]) === hostOf(host);
    return isSame ? inner : { ...inner, problem: malformed('The target names another host than the Host header') };
  }
  const end = target.indexOf('?');
  const path = end === -1 ? target : target.slice(0, end);
  const query = end === -1 ? '' : target.slice(end);
  const form = normalAlready.test(path) ? { path, problem: undefined } : normalizePath(path);
  const problem = form.problem ?? problemOfQuery(query, form.path) ?? problemOfSlash(form.path);
  return { target: form.path + query, problem };
}

function normalizePath(path: string): { path: string; problem: ProblemError | undefined } {
  const detail = targetProblem(path);
  // The router is handed something that it can read; it is refused whatever route that finds.
  if (detail !== undefined) {
    return { path: `/${path.replace(/^\/+/, '').replace(/[%?#]/g, '_')}`, problem: malformed(detail) };
  }
  const decoded = path.replace(/%[0-9a-f]{2}/gi, (encoded) => {
    const char = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return unreserved.test(char) ? char : encoded.toUpperCase();
  });
  return { path: withoutDotSegments(decoded), problem: undefined };
}

function targetProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return 'The target of the request is not a path';
  if (!printable.test(path) || /[\\#;]/.test(path)) return 'The path contains characters that must be percent-encoded';
  if (badEscape.test(path)) return 'The path contains a % that does not begin an escape';
  if (unwantedEscape.test(path)) return 'The path contains an encoded slash, backslash or control character';
  return isEncodedUtf8(path) ? undefined : 'The path is not encoded in UTF-8';
}

/** RFC 3986, section 5.2.4, and repeated slashes as one. */
function withoutDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  const last = segments.at(-1);
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.' && segment !== '') kept.push(segment);
  }
  const isFolder = last === '' || last === '.' || last === '..';
  return `/${kept.join('/')}${isFolder && kept.length > 0 ? '/' : ''}`;
}

/** Pages take what people type into the address; the API would look for another text than the one that was meant. */
function problemOfQuery(query: string, path: string): ProblemError | undefined {
  if (!printable.test(query) || query.includes('#'))
    return malformed('The query contains characters that must be percent-encoded');
  if (!query.includes('%') || !path.startsWith('/api/')) return undefined;
  if (badEscape.test(query)) return malformed('The query contains a % that does not begin an escape: write it as %25');
  return isEncodedUtf8(query) ? undefined : malformed('The query is not encoded in UTF-8');
}

function isEncodedUtf8(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Of the API's paths none ends with a slash, so that each has one spelling. */
function problemOfSlash(path: string): ProblemError | undefined {
  if (!path.startsWith('/api/') || !path.endsWith('/')) return undefined;
  return new ProblemError('not_found', 'There is nothing at this address; paths of the API do not end with a slash');
}

function hostOf(authority: string | undefined): string | undefined {
  if (authority === undefined || authority === '' || authority.includes('@')) return undefined;
  return URL.canParse(`http://${authority}`) ? new URL(`http://${authority}`).host : undefined;
}

function malformed(detail: string): ProblemError {
  return new ProblemError('malformed_request', detail);
}

const PROBLEM = Symbol('tradepost.targetProblem');

// as: Node's own class of requests has no place for what we know of one.
type WithProblem = { [PROBLEM]?: ProblemError };

/** Fastify's `rewriteUrl`: the router, and whatever comes after it, sees the normal form only. */
export function rewriteTarget(request: IncomingMessage): string {
  const { target, problem } = normalizeTarget(request.url ?? '', request.headers.host);
  if (problem !== undefined) (request as WithProblem)[PROBLEM] = problem;
  return target;
}

/** Why the target of this request is refused; undefined for one that is not. */
export function targetProblemOf(request: IncomingMessage): ProblemError | undefined {
  return (request as WithProblem)[PROBLEM];
}
