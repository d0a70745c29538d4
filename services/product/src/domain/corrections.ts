import { editDistance } from './edit-distance.ts';
import type { OtherWords } from './listing.ts';
import type { Requirement, SearchQuery } from './search-query.ts';

/** A word of a phrase that found nothing. */
export type TypedWord = {
  word: string;
  requirement: Requirement;
  /** Some product has it, or a word that begins so where it may be unfinished. */
  isKnown: boolean;
  /** The same of titles, categories and variants alone. */
  isNamed: boolean;
  /** Words of titles that it may have been meant for, the most similar ones first. */
  similar: readonly string[];
};

/** A phrase in which words are replaced, and what the index would have to have. */
export type Correction = OtherWords & { condition: Requirement[] };

const MAX_CORRECTIONS = 6;
const MAX_TRIES = 3;

type Option = { text: string; requirement: Requirement; cost: number };

/** Which words may stand for those that were typed: several at once, those nearest to the phrase first. What resembles nothing is left out. */
export function corrections(words: readonly TypedWord[]): Correction[] {
  const options = words.map(optionsOf);
  const leftOut = words.filter((_, index) => options[index]?.length === 0).map(({ word }) => word);
  let made: Option[][] = [[]];
  for (const ofWord of options.filter(({ length }) => length > 0)) {
    made = made.flatMap((before) => ofWord.map((option) => [...before, option])).sort((a, b) => cost(a) - cost(b));
    // Never more than this, however many words there are.
    made = made.slice(0, MAX_CORRECTIONS + 1);
  }
  return made
    .filter((chosen) => cost(chosen) > 0)
    .slice(0, MAX_CORRECTIONS)
    .map((chosen) => ({
      phrase: chosen.map(({ text }) => text).join(' '),
      isCorrected: true,
      leftOut,
      condition: chosen.map(({ requirement }) => requirement),
    }));
}

const cost = (options: readonly Option[]): number => options.reduce((sum, option) => sum + option.cost, 0);

function optionsOf({ word, requirement, isKnown, similar }: TypedWord): Option[] {
  const own = isKnown ? [{ text: word, requirement, cost: 0 }] : [];
  return [
    ...own,
    ...similar.map((text, index) => ({
      ...{ text, requirement: [[{ lexeme: text }], [{ lexeme: `~${text}` }]], cost: 1 + index / 100 },
    })),
  ];
}

/** A letter says nothing alone, other than a sign that is a word. */
const isLetter = ({ word }: TypedWord): boolean => word.length === 1 && !/\p{Lo}/u.test(word);

/** The products have none of it, and only what is spelt rather differently. */
const isDoubtful = ({ word, isKnown, similar }: TypedWord): boolean =>
  !isKnown && editDistance(word, similar[0] ?? '') > 1;

const isDescribed = ({ isKnown, isNamed }: TypedWord): boolean => isKnown && !isNamed;

const isUsable = ({ isKnown, similar }: TypedWord): boolean => isKnown || similar.length > 0;

/** Words that can be left out: letters first, then words that may be meant for others or are in descriptions alone, then as the phrase says. */
function inOrder(words: readonly TypedWord[], { dispensable }: SearchQuery): TypedWord[] {
  const rank = (typed: TypedWord) => [isLetter(typed), isDoubtful(typed), isDescribed(typed), true].indexOf(true);
  const usable = dispensable.flatMap((word) => words.find((typed) => typed.word === word && isUsable(typed)) ?? []);
  return usable.toSorted((a, b) => rank(a) - rank(b));
}

/**
 * What to try where also no correction is there: words that nothing resembles are left out; then words that are there but never
 * together, the most dispensable ones first.
 */
export function withoutWords(words: readonly TypedWord[], query: SearchQuery): OtherWords[] {
  const usable = inOrder(words, query);
  const tries: OtherWords[] = [];
  for (let without = 0; without < usable.length && tries.length < MAX_TRIES; without++) {
    const isLeftOut = (typed: TypedWord) =>
      !isUsable(typed) || usable.slice(0, without).some(({ word }) => word === typed.word);
    const kept = words.filter((typed) => !isLeftOut(typed));
    if (kept.every(isLetter)) break;
    const isCorrected = kept.some(({ isKnown }) => !isKnown);
    const leftOut = words.filter(isLeftOut).map(({ word }) => word);
    const phrase = kept.map(({ word, isKnown, similar }) => (isKnown ? word : (similar[0] ?? word))).join(' ');
    if (isCorrected || leftOut.length > 0) tries.push({ phrase, isCorrected, leftOut });
  }
  return tries;
}

/** A longer word, with many accents, is not for a cursor. */
const MAX_TYPED = 60;

/** Words of a phrase as they were typed: the index has them without accents, in lower case. */
export function asTyped(phrase: string, words: readonly string[]): string[] {
  const texts = phrase.split(/[^\p{L}\p{M}\p{N}]+/u).filter(({ length }) => length <= MAX_TYPED);
  const typed = new Map(texts.map((text) => [plain(text), text]));
  return words.map((word) => typed.get(plain(word)) ?? word);
}

/** A phrase of the index, spelt as the titles have its words: `küche` where the index has `kuche`. */
export const asSpelt = (titles: readonly string[], phrase: string): string =>
  asTyped(titles.join(' ').toLowerCase(), phrase.split(' ')).join(' ');

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
