import { Refusal } from '@tradepost/contracts/refusal';
import type { Precondition } from '../actions/change-products.ts';

/** The ETag of a version. It is of what sellers write: how much is available changes without it. */
export const etagOf = (version: number): string => `"${version}"`;

const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

/** The tags of an `If-Match` or `If-None-Match` header. Source: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1 */
function tagsOf(name: string, header: string): string[] {
  const tags = header.split(',').map((tag) => tag.trim());
  if (tags.every((tag) => ENTITY_TAG.test(tag))) return tags;
  throw new Refusal('malformed_request', `${name} must hold ETags, with their quotes, or *`, {
    errors: [{ field: name, message: 'must be an ETag like "3"' }],
  });
}

/** What `If-Match` asks for; undefined without one. A weak tag never matches here. */
export function ifMatch(header: string | undefined): Precondition | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return { anyVersion: true };
  const versions = tagsOf('If-Match', header).map((tag) => (/^"[0-9]{1,9}"$/.test(tag) ? Number(tag.slice(1, -1)) : 0));
  return { versions: new Set(versions) };
}

/** Whether `If-None-Match` names this version, so that there is nothing new to send. */
export function isKnown(header: string | undefined, version: number): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  const etag = etagOf(version);
  return tagsOf('If-None-Match', header).some((tag) => tag === etag || tag === `W/${etag}`);
}
