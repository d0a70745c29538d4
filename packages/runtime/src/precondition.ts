import { ProblemError } from '@tradepost/contracts/problem-error';
import { ifMatchTags } from './conditional.ts';

/** Which versions of a resource a change is about, as its `If-Match` says. */
export type Precondition = { anyVersion: true } | { versions: ReadonlySet<number> };

/** The ETag of a version. */
export const etagOf = (version: number): string => `"${version}"`;

/**
 * The versions that `If-Match` accepts; undefined without one. A weak tag matches none (RFC 9110, section 13.1.1). Throws
 * `malformed_request` for a header that holds no ETags.
 */
export function ifMatch(header: string | undefined): Precondition | undefined {
  if (header === undefined) return undefined;
  const tags = ifMatchTags(header);
  if (tags === '*') return { anyVersion: true };
  return { versions: new Set(tags.map((tag) => (/^"[0-9]{1,9}"$/.test(tag) ? Number(tag.slice(1, -1)) : 0))) };
}

/** Whether a change may be made to this version. Throws `precondition_required` without an `If-Match`. */
export function isPreconditionMet(precondition: Precondition | undefined, version: number): boolean {
  if (!precondition) {
    const message = `send the ETag that you have read, as If-Match: "${version}" for the present version`;
    throw new ProblemError(
      'precondition_required',
      'An If-Match header is required, so that nobody overwrites what another has changed',
      {
        errors: [{ field: 'If-Match', message }],
        extra: { version },
      },
    );
  }
  return 'anyVersion' in precondition || precondition.versions.has(version);
}
