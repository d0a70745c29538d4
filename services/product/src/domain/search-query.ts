import type { Filters } from './listing.ts';

/**
 * A word of a phrase as `phrase_words` of the database reads it. Without stems it is a word that carries no meaning (`for`).
 * `compounds` are other words of titles, each with its parts, that have it as a part.
 */
export type Word = { word: string; parts: string[]; stems: string[]; compounds?: readonly string[][] };

/** A lexeme of `product.terms`, or all that begin with it. */
export type Term = { lexeme: string; isPrefix?: boolean };

/** One thing that must be there: one of the alternatives, each of which is terms that belong together. */
export type Requirement = Term[][];

/** What a phrase asks for. */
export type SearchQuery = {
  /** The words that are looked for, one for each requirement. */
  words: string[];
  /** The same, those that can be left out best first. */
  dispensable: string[];
  /** By title, categories and variants alone. */
  names: Requirement[];
  /** By these or the description. */
  all: Requirement[];
  /** What is counted for the rank: what was typed, and words that carry no meaning, but not what stands for others. */
  ranked: Requirement[];
};

/** What is looked for as well as some words of a phrase, in their order: of each synonym its words. Longer sequences come first. */
export type Synonyms = (words: readonly Word[], from: number) => { length: number; others: Word[][] } | undefined;

const MAX_WORDS = 8;
/** Of alternatives that belong together. */
const MAX_ALTERNATIVES = 16;

/** The requirements of a phrase: each word that carries meaning, or each word where none does. The last may be unfinished. */
export function searchQueryOf(words: readonly Word[], synonymsOf: Synonyms = () => undefined): SearchQuery {
  const meaningful = words.filter(({ stems }) => stems.length > 0);
  const used = (meaningful.length > 0 ? meaningful : words).slice(0, MAX_WORDS);
  const last = words.at(-1);
  const units = unitsOf(used, synonymsOf);
  const typed = units.map((unit) => requirementsOf(unit, last));
  const others = units.map(({ words: [word, ...more], others: synonyms }) => [
    ...(word && more.length === 0 ? compoundsOf(word) : []),
    ...synonyms.flatMap((synonym) => together(synonym.map((one) => alternativesOf(one, false)))),
  ]);
  const ownNames = typed.map(together);
  const own = units.map((unit, index) => inOneOrBoth(unit, typed[index] ?? []));
  const spoken = words.filter((word) => !used.includes(word)).map(({ parts }) => [parts.map((lexeme) => ({ lexeme }))]);
  return {
    words: units.map(textOf),
    dispensable: dispensableFirst(words, units),
    names: ownNames.map((requirement, index) => [...requirement, ...(others[index] ?? [])]),
    all: own.map((requirement, index) => [...requirement, ...orInDescription(others[index] ?? [])]),
    ranked: [...own, ...spoken],
  };
}

/** Words that one requirement is made of: one, several that synonyms have together, or a run of letters without spaces. */
type Unit = { words: Word[]; others: Word[][] };

/** Letters of languages without spaces, as `catalogue_words` of the database has them: it makes pairs of them, and ends a run with one letter. */
const RUN = /^[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/;

/** Whether a word is written without spaces, or is a part of such a run. */
export const isOfRun = (word: string): boolean => RUN.test(word);

function unitsOf(words: readonly Word[], synonymsOf: Synonyms): Unit[] {
  const units: Unit[] = [];
  for (let from = 0; from < words.length; ) {
    const { length, others } = synonymsOf(words, from) ?? { length: runLength(words, from), others: [] };
    units.push({ words: words.slice(from, from + length), others });
    from += length;
  }
  return units;
}

/** How many words from here on are one run of letters; 1 for a word with spaces around it. */
function runLength(words: readonly Word[], from: number): number {
  let length = 1;
  for (let { word } = words[from] ?? { word: '' }; isOfRun(word) && word.length > 1; length++) {
    const next = words[from + length];
    if (!next || !isOfRun(next.word)) break;
    word = next.word;
  }
  return length;
}

/** As it was typed: of the pairs of a run the first letters, and all of the last one. */
function textOf({ words }: Unit): string {
  const texts = words.map(({ word }) => word);
  if (!isOfRun(texts[0] ?? '')) return texts.join(' ');
  return texts.map((text, index) => (index < texts.length - 1 ? text.slice(0, 1) : text)).join('');
}

function requirementsOf({ words }: Unit, last: Word | undefined): Requirement[] {
  // The letter that ends a run of the phrase goes on in a title: its pair says enough.
  const isEnd = (word: Word, index: number) => index > 0 && word.word.length === 1 && isOfRun(word.word);
  return words
    .filter((word, index) => word === last || !isEnd(word, index))
    .map((word) => alternativesOf(word, word === last));
}

/** Several words may be some in the names and some in the description, a run is in one of them. */
const inOneOrBoth = ({ words: [first] }: Unit, requirements: readonly Requirement[]): Requirement =>
  isOfRun(first?.word ?? '') ? orInDescription(together(requirements)) : together(requirements.map(orInDescription));

/** Alternatives of several requirements that must all be there, as one requirement. */
const together = (requirements: readonly Requirement[]): Requirement =>
  requirements.reduce(
    (made, next) => made.flatMap((terms) => next.map((more) => [...terms, ...more])).slice(0, MAX_ALTERNATIVES),
    [[]] as Requirement,
  );

const orInDescription = (requirement: Requirement): Requirement => [...requirement, ...requirement.map(inDescription)];

const compoundsOf = ({ compounds = [] }: Word): Requirement =>
  compounds.map((parts) => parts.map((lexeme) => ({ lexeme })));

/**
 * What is looked for is named before a word like `for` (`kettle for tea`), and else at the end (`vintage lamp`): so what follows such a
 * word is left out first, and then the first words.
 */
function dispensableFirst(words: readonly Word[], units: readonly Unit[]): string[] {
  const isMeaningful = ({ stems }: Word) => stems.length > 0;
  const first = words.findIndex(isMeaningful);
  const divider = words.findIndex((word, index) => index > first && !isMeaningful(word));
  const follows = (unit: Unit) =>
    first >= 0 && divider >= 0 && unit.words.some((word) => words.indexOf(word) > divider);
  const ordered = [...units.filter(follows), ...units.filter((unit) => !follows(unit))];
  return ordered.map(textOf);
}

function alternativesOf({ word, parts, stems }: Word, isLast: boolean): Requirement {
  const isUnfinished = isLast && (word.length > 1 || /\p{Lo}/u.test(word));
  const asTyped = parts.map((lexeme, index) => ({ lexeme, isPrefix: isUnfinished && index === parts.length - 1 }));
  if (parts.length > 1 || stems.length === 0) return [asTyped];
  // Who has a word has its stem too.
  const finished = stems.map((lexeme) => [{ lexeme }]);
  return isUnfinished ? [asTyped, ...finished] : finished;
}

const inDescription = (terms: Term[]): Term[] => terms.map((term) => ({ ...term, lexeme: `~${term.lexeme}` }));

/** What of the filters is in `product.terms`. */
export function filterRequirements(filters: Filters): Requirement[] {
  const { category, sellerId, currency, inStock, featured } = filters;
  const lexemes = [
    ...(category === undefined ? [] : [`c=${category}`]),
    ...(sellerId === undefined ? [] : [`s=${sellerId}`]),
    ...(currency === undefined ? [] : [`m=${currency}`]),
    ...(inStock === undefined ? [] : [inStock ? 'i=1' : 'i=0']),
    ...(featured === true ? ['f=1'] : []),
  ];
  return lexemes.map((lexeme) => [[{ lexeme }]]);
}

/** A random part of all products: one of 16, 256 or 4,096 at level 1, 2 or 3. */
export function bucketRequirement(level: number, bucket: number): Requirement[] {
  return level === 0 ? [] : [[[{ lexeme: `r=${bucket.toString(16).padStart(level, '0')}` }]]];
}

const EVERYTHING = `'i=1' | 'i=0'`;

/** Requirements as PostgreSQL reads a `tsquery`. */
export function tsquery(requirements: readonly Requirement[]): string {
  if (requirements.length === 0) return EVERYTHING;
  return requirements.map((alternatives) => `(${alternatives.map(allOf).join(' | ')})`).join(' & ');
}

/** Any of the terms, for a rank that counts them. */
export const anyTerm = (requirements: readonly Requirement[]): string =>
  requirements.flat(2).map(written).join(' | ') || EVERYTHING;

const allOf = (terms: Term[]): string =>
  terms.length > 1 ? `(${terms.map(written).join(' & ')})` : terms.map(written).join();
const written = ({ lexeme, isPrefix }: Term): string =>
  `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'${isPrefix ? ':*' : ''}`;
