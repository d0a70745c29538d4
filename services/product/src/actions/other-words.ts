import { asTyped, type Correction, corrections, type TypedWord, withoutWords } from '../domain/corrections.ts';
import type { OtherWords } from '../domain/listing.ts';
import { estimate, isCheap } from '../domain/search-estimate.ts';
import { isOfRun, type Requirement, type SearchQuery } from '../domain/search-query.ts';
import { areInIndex } from '../store/phrase-words.ts';
import { similarWords } from '../store/search-words.ts';
import type { Context } from './context.ts';

/** Of one word. */
const MAX_SIMILAR = 4;

/**
 * What to try where nothing matches, in this order: words that no product has are replaced by words of titles that are spelt like them,
 * such that there are products with all of them; then words are left out.
 */
export async function otherWords(ctx: Context, phrase: string): Promise<OtherWords[]> {
  const query = await ctx.searchQuery(phrase);
  const words = await typedWords(ctx, query);
  const possible = corrections(words);
  const areFound = await areThere(ctx, possible);
  const found = possible.filter((_, index) => areFound[index]);
  const tries = [...found.slice(0, 1), ...withoutWords(words, query)];
  return tries.map((other) => ({ ...other, leftOut: asTyped(phrase, other.leftOut) }));
}

async function typedWords(ctx: Context, { words, all, names }: SearchQuery): Promise<TypedWord[]> {
  const finished = all.map(withoutPrefixes);
  const known = await areInIndex(
    ctx.pool,
    [...all, ...finished, ...names].map((requirement) => [requirement]),
  );
  const isFinishedKnown = (index: number) => known[words.length + index] ?? false;
  // Titles without spaces have no words that could be like it.
  const doubtful = words.filter((word, index) => !isFinishedKnown(index) && !isOfRun(word));
  const similar = doubtful.length > 0 ? await similarWords(ctx.pool, doubtful, MAX_SIMILAR) : new Map();
  return words.map((word, index) => ({
    ...{ word, requirement: all[index] ?? [], isKnown: known[index] ?? false },
    isNamed: known[2 * words.length + index] ?? false,
    similar: isFinishedKnown(index) ? [] : (similar.get(word) ?? []),
  }));
}

/** The last word as a finished one. */
const withoutPrefixes = (requirement: Requirement): Requirement =>
  requirement.map((terms) => terms.map(({ lexeme }) => ({ lexeme })));

/** Whether there are products with all words. Where many are expected, the index is not asked, since it would look at all of them. */
async function areThere(ctx: Context, possible: readonly Correction[]): Promise<boolean[]> {
  const { statistics } = await ctx.searchIndex.current();
  const isAsked = possible.map(({ condition }) => isCheap(statistics, estimate(statistics, condition)));
  const asked = possible.filter((_, index) => isAsked[index]).map(({ condition }) => condition);
  const answers = (await areInIndex(ctx.pool, asked)).values();
  return isAsked.map((one) => (one ? (answers.next().value ?? false) : true));
}
