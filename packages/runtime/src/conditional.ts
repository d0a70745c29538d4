import type { IncomingHttpHeaders } from 'node:http';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { FastifyReply, FastifyRequest } from 'fastify';

/*
 * Conditional requests (RFC 9110, section 13), for everything that is answered with an `ETag` or `Last-Modified`. A hook on
 * the way out evaluates them, so that no route can forget a form of them; a route that would do much work for an answer that
 * nobody needs can ask `isNotModified` before.
 */

/** What identifies the version of an answer. */
export type Validators = { etag?: string | undefined; lastModified?: string | undefined };

type Conditions = Pick<IncomingHttpHeaders, 'if-match' | 'if-none-match' | 'if-modified-since' | 'if-unmodified-since'>;

const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/y;

/**
 * The entity tags of an `If-Match` or `If-None-Match` header; `*` for any; undefined for what is neither. A comma may stand
 * inside a tag, so the header is read tag by tag.
 */
export function entityTags(header: string): readonly string[] | '*' | undefined {
  const text = header.trim();
  if (text === '*') return '*';
  const tags: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (/[\s,]/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    ENTITY_TAG.lastIndex = at;
    const [tag] = ENTITY_TAG.exec(text) ?? [];
    if (tag === undefined) return undefined;
    tags.push(tag);
    at += tag.length;
    // A list is divided by commas.
    if (at < text.length && !/^\s*,/.test(text.slice(at))) return undefined;
  }
  return tags.length === 0 ? undefined : tags;
}

/** The tags of an `If-Match` header, for a change. Throws `malformed_request` for what cannot be read: to ignore it would overwrite. */
export function ifMatchTags(header: string): readonly string[] | '*' {
  const tags = entityTags(header);
  if (tags !== undefined) return tags;
  throw new ProblemError('malformed_request', 'If-Match must hold ETags, with their quotes, or *', {
    errors: [{ field: 'If-Match', message: 'must be an ETag like "3"' }],
  });
}

const opaque = (tag: string): string => tag.replace(/^W\//, '');

/** Strong comparison (section 8.8.3.2): equal, and neither is weak. */
function matchesStrongly(tags: readonly string[] | '*', etag: string): boolean {
  return tags === '*' || (!etag.startsWith('W/') && tags.includes(etag));
}

/** Weak comparison: equal, whether or not one of them is weak. */
function matchesWeakly(tags: readonly string[] | '*', etag: string): boolean {
  return tags === '*' || tags.some((tag) => opaque(tag) === opaque(etag));
}

/**
 * Tells whether a GET or HEAD is to be answered 304: by `If-None-Match`, and only without one by `If-Modified-Since`
 * (section 13.2.2). A header that cannot be read counts as one that names no version.
 */
export function isNotModified(headers: Conditions, { etag, lastModified }: Validators): boolean {
  const { 'if-none-match': noneMatch, 'if-modified-since': since } = headers;
  if (noneMatch !== undefined) {
    const tags = entityTags(noneMatch);
    return tags !== undefined && (tags === '*' || (etag !== undefined && matchesWeakly(tags, etag)));
  }
  return since !== undefined && lastModified !== undefined && Date.parse(lastModified) <= Date.parse(since);
}

/** Tells whether a GET or HEAD is to be answered 412: by `If-Match`, and only without one by `If-Unmodified-Since`. */
export function isPreconditionFailed(headers: Conditions, { etag, lastModified }: Validators): boolean {
  const { 'if-match': match, 'if-unmodified-since': since } = headers;
  if (match !== undefined) {
    const tags = entityTags(match);
    return tags !== undefined && (etag === undefined ? tags !== '*' : !matchesStrongly(tags, etag));
  }
  return since !== undefined && lastModified !== undefined && Date.parse(lastModified) > Date.parse(since);
}

/** Belong to the body, which a 304 does not have (section 15.4.5), and a 412 replaces. */
const HEADERS_OF_THE_BODY = ['content-type', 'content-length', 'content-encoding', 'content-range', 'accept-ranges'];

/**
 * The `onSend` hook of every route: evaluates the conditions of a GET or HEAD before its answer is sent. Fastify makes each HEAD
 * route of a GET route and its hooks, and puts in a hook that takes the body away; the conditions are evaluated after that one.
 */
export function conditionalHook(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (err: Error | null, payload?: unknown) => void,
): void {
  const outcome = evaluate(request, reply, payload);
  if (outcome === 'send') {
    done(null, payload);
    return;
  }
  discard(payload);
  for (const name of HEADERS_OF_THE_BODY) reply.removeHeader(name);
  if (outcome === 'not-modified') {
    reply.code(304);
    done(null, null);
  } else {
    done(new ProblemError('version_conflict', 'What is stored is not what If-Match or If-Unmodified-Since asks for'));
  }
}

function evaluate(
  { method, headers }: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): 'send' | 'not-modified' | 'failed' {
  if (method !== 'GET' && (method !== 'HEAD' || payload !== null)) return 'send';
  const validators = { etag: text(reply, 'etag'), lastModified: text(reply, 'last-modified') };
  const isVersioned = validators.etag !== undefined || validators.lastModified !== undefined;
  if (!isVersioned || reply.statusCode !== 200) return 'send';
  if (isPreconditionFailed(headers, validators)) return 'failed';
  return isNotModified(headers, validators) ? 'not-modified' : 'send';
}

function text(reply: FastifyReply, name: string): string | undefined {
  const value = reply.getHeader(name);
  return value === undefined ? undefined : String(value);
}

/** A file that nobody reads would stay open. */
function discard(payload: unknown): void {
  if (typeof payload !== 'object' || payload === null || !('destroy' in payload)) return;
  if (typeof payload.destroy === 'function') payload.destroy();
}
