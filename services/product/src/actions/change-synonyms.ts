import { isDeepStrictEqual } from 'node:util';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { isPreconditionMet, type Precondition } from '@tradepost/runtime/precondition';
import { hasWords } from '../domain/listing.ts';
import {
  countSynonyms,
  deleteSynonyms,
  findSynonyms,
  lockSynonyms,
  type SynonymGroup,
  saveSynonyms,
} from '../store/synonyms.ts';
import type { Context } from './context.ts';

/** Each instance keeps all groups in memory, and reads them anew after each change. */
export const MAX_SYNONYM_GROUPS = 300;
export const MAX_SYNONYM_WORDS = 4;

/**
 * Creates a group under an id of the client's, or replaces it, if it still is what the operator has read. A change that has been made
 * already is answered as if it was made now, so that a request whose response was lost can be sent again.
 */
export function putSynonyms(
  ctx: Context,
  id: string,
  terms: readonly string[],
  precondition: Precondition | undefined,
): Promise<{ group: SynonymGroup; isNew: boolean }> {
  assertTerms(terms);
  return ctx.pool.transaction(async (tx) => {
    await lockSynonyms(tx);
    const before = await findSynonyms(tx, id);
    if (before && isDeepStrictEqual(before.terms, terms)) return { group: before, isNew: false };
    assertVersion(before, precondition);
    if (!before && (await countSynonyms(tx)) >= MAX_SYNONYM_GROUPS) {
      const detail = `A shop has at most ${MAX_SYNONYM_GROUPS} groups of synonyms: delete one that is not needed`;
      throw new ProblemError('unprocessable', detail);
    }
    const group = await saveSynonyms(tx, id, terms);
    tx.onCommit(() => ctx.searchIndex.forget());
    return { group, isNew: !before };
  });
}

/** Deletes a group. One that is not there was deleted already. */
export function removeSynonyms(ctx: Context, id: string): Promise<void> {
  return ctx.pool.transaction(async (tx) => {
    await lockSynonyms(tx);
    await deleteSynonyms(tx, id);
    tx.onCommit(() => ctx.searchIndex.forget());
  });
}

function assertTerms(terms: readonly string[]): void {
  const errors = terms.flatMap((term, index) => {
    const words = term.split(/\s+/).filter(hasWords).length;
    if (words >= 1 && words <= MAX_SYNONYM_WORDS) return [];
    return [{ field: `/terms/${index}`, message: `must have one to ${MAX_SYNONYM_WORDS} words` }];
  });
  if (errors.length > 0) throw new ProblemError('unprocessable', 'A synonym is a word or a short phrase', { errors });
}

/** Refuses a change of another version than the operator has read. Only a creation may name none. */
function assertVersion(before: SynonymGroup | undefined, precondition: Precondition | undefined): void {
  if (!before && !precondition) return;
  if (!before) throw new ProblemError('version_conflict', 'The synonyms were deleted since you read them');
  if (isPreconditionMet(precondition, before.version)) return;
  const { version } = before;
  throw new ProblemError('version_conflict', `Version ${version} of the synonyms is the present one`, {
    extra: { version },
  });
}
