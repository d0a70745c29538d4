import type { OtherWords } from '../domain/listing.ts';
import type { SearchQuery } from '../domain/search-query.ts';
import { areInIndex } from '../store/phrase-words.ts';
import { similarWords } from '../store/search-words.ts';
import type { Context } from './context.ts';

/** Pairs of letters of languages without spaces are no words to correct or to leave out. */
const PAIRS = /[\u0e00-\u0eff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
const MAX_TRIES = 3;

/**
 * What to try where nothing matches, in this order: words that no product has are replaced by the words of titles that are spelt most
 * like them; those that resemble nothing are left out; then words that are there but never together are left out, the most dispensable ones first.
 */
export async function otherWords(ctx: Context, query: SearchQuery): Promise<OtherWords[]> {
  const { words, dispensable } = query;
  if (words.some((word) => PAIRS.test(word))) return [];
  const known = await areInIndex(ctx.pool, query.all);
  const unknown = words.filter((_, index) => !known[index]);
  const similar = new Map<string, string>();
  for (const [index, found] of (await similarWords(ctx.pool, unknown)).entries()) {
    const word = unknown[index];
    if (word !== undefined && found !== word) similar.set(word, found);
  }
  const isUsable = (word: string) => !unknown.includes(word) || similar.has(word);
  const usable = dispensable.filter(isUsable);
  const tries: OtherWords[] = [];
  for (let without = 0; without < usable.length && tries.length < MAX_TRIES; without++) {
    const leftOut = words.filter((word) => !isUsable(word) || usable.indexOf(word) < without);
    const kept = words.filter((word) => !leftOut.includes(word));
    const phrase = kept.map((word) => similar.get(word) ?? word);
    const isCorrected = kept.some((word) => similar.has(word));
    if (isCorrected || leftOut.length > 0) tries.push({ phrase: phrase.join(' '), isCorrected, leftOut });
  }
  return tries;
}
