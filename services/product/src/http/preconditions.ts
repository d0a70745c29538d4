import { ifMatchTags } from '@tradepost/runtime/conditional';
import type { Precondition } from '../actions/change-products.ts';

/** The ETag of a version. It covers what sellers write: how much is available changes without it. */
export const etagOf = (version: number): string => `"${version}"`;

/** The versions that `If-Match` accepts; undefined without one. A weak tag matches none (RFC 9110, section 13.1.1). */
export function ifMatch(header: string | undefined): Precondition | undefined {
  if (header === undefined) return undefined;
  const tags = ifMatchTags(header);
  if (tags === '*') return { anyVersion: true };
  return { versions: new Set(tags.map((tag) => (/^"[0-9]{1,9}"$/.test(tag) ? Number(tag.slice(1, -1)) : 0))) };
}
