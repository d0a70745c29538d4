import type { OtherWords } from './listing.ts';
import type { Requirement, SearchQuery } from './search-query.ts';

/** A word of a phrase that found nothing. */
export type TypedWord = {
  word: string;
  requirement: Requirement;
  /** Some product has it, or a word that begins so where it may be unfinished. */
  isKnown: boolean;
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

/**
 * What to try where also no correction is there: words that nothing resembles are left out; then words that are there but never
 * together, the most dispensable ones first.
 */
export function withoutWords(words: readonly TypedWord[], { dispensable }: SearchQuery): OtherWords[] {
  const isUsable = ({ isKnown, similar }: TypedWord) => isKnown || similar.length > 0;
  const usable = dispensable.filter((word) => words.some((typed) => typed.word === word && isUsable(typed)));
  const tries: OtherWords[] = [];
  for (let without = 0; without < usable.length && tries.length < MAX_TRIES; without++) {
    const isLeftOut = (typed: TypedWord) => !isUsable(typed) || usable.indexOf(typed.word) < without;
    const kept = words.filter((typed) => !isLeftOut(typed));
    const isCorrected = kept.some(({ isKnown }) => !isKnown);
    const leftOut = words.filter(isLeftOut).map(({ word }) => word);
    const phrase = kept.map(({ word, isKnown, similar }) => (isKnown ? word : (similar[0] ?? word))).join(' ');
    if (isCorrected || leftOut.length > 0) tries.push({ phrase, isCorrected, leftOut });
  }
  return tries;
}
