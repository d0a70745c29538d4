import type { Filters } from './listing.ts';

/** A word of a phrase as `phrase_words` of the database reads it. Without stems it is a word that carries no meaning (`for`). */
export type Word = { word: string; parts: string[]; stems: string[] };

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
};

const MAX_WORDS = 8;

/** The requirements of a phrase: each word that carries meaning, or each word where none does. The last may be unfinished. */
export function searchQueryOf(words: readonly Word[]): SearchQuery {
  const meaningful = words.filter(({ stems }) => stems.length > 0);
  const used = (meaningful.length > 0 ? meaningful : words).slice(0, MAX_WORDS);
  const last = words.at(-1);
  const names = used.map((word) => alternativesOf(word, word === last));
  return {
    words: used.map(({ word }) => word),
    dispensable: dispensableFirst(words, used),
    names,
    all: names.map((requirement) => [...requirement, ...requirement.map(inDescription)]),
  };
}

/**
 * What is looked for is named before a word like `for` (`kettle for tea`), and else at the end (`vintage lamp`): so what follows such a
 * word is left out first, and then the first words.
 */
function dispensableFirst(words: readonly Word[], used: readonly Word[]): string[] {
  const isMeaningful = ({ stems }: Word) => stems.length > 0;
  const first = words.findIndex(isMeaningful);
  const divider = words.findIndex((word, index) => index > first && !isMeaningful(word));
  const follows = (word: Word) => first >= 0 && divider >= 0 && words.indexOf(word) > divider;
  return [...used.filter(follows), ...used.filter((word) => !follows(word))].map(({ word }) => word);
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
