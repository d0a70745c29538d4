import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '@tradepost/contracts/refusal';
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
  throw new Refusal('malformed_request', 'If-Match must hold ETags, with their quotes, or *', {
    errors: [{ field: 'If-Match', message: 'must be an ETag like "3"' }],
  });
}

const opaque = (tag: string): string => tag.replace(/^W\//, '');

/** Strong comparison (section 8.8.3.2): equal, and neither is weak. */
export function matchesStrongly(tags: readonly string[] | '*', etag: string): boolean {
  return tags === '*' || (!etag.startsWith('W/') && tags.includes(etag));
}

/** Weak comparison: equal, whether or not one of them is weak. */
export function matchesWeakly(tags: readonly string[] | '*', etag: string): boolean {
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

/** Evaluates the conditions of a request before its answer is sent. Returns the body to send. */
export function applyConditions(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const { method, headers } = request;
  if (reply.statusCode !== 200 || (method !== 'GET' && method !== 'HEAD')) return payload;
  const validators = { etag: text(reply, 'etag'), lastModified: text(reply, 'last-modified') };
  if (validators.etag === undefined && validators.lastModified === undefined) return payload;
  const isFailed = isPreconditionFailed(headers, validators);
  if (!isFailed && !isNotModified(headers, validators)) return payload;
  discard(payload);
  for (const name of HEADERS_OF_THE_BODY) reply.removeHeader(name);
  if (isFailed) {
    throw new Refusal('version_conflict', 'What is stored is not what If-Match or If-Unmodified-Since asks for');
  }
  reply.code(304);
  return null;
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
