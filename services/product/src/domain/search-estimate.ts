import type { Requirement, Term } from './search-query.ts';

/** How many products there are, and in which part of them the frequent lexemes are. */
export type SearchStatistics = { products: number; frequencies: ReadonlyMap<string, number> };

/** Entries of the index that a search may look at, and products. Beyond, it looks at a part of the catalogue. */
export const MAX_ENTRIES = 50_000;
export const MAX_RANKED = 1_000;
/** The index collects all words with this beginning before anything else. */
const MAX_BEGUN = 5_000;
/** So many matches of a bucket are enough to rank. */
const ENOUGH = 500;
const MAX_LEVEL = 3;
/** A lexeme that is not among the frequent ones. */
const RARE = 0.0002;
const MAX_COMPLETIONS = 8;

export type Estimate = {
  /** The part of all products that matches, if words and filters had nothing to do with each other. */
  matching: number;
  /** The part of all products that has the rarest of what is required; the index looks at so many. */
  rarest: number;
};

export function estimate(statistics: SearchStatistics, requirements: readonly Requirement[]): Estimate {
  let matching = 1;
  let rarest = 1;
  for (const requirement of requirements) {
    const part = Math.min(
      1,
      sum(requirement.map((terms) => Math.min(...terms.map((term) => frequency(statistics, term))))),
    );
    matching *= part;
    rarest = Math.min(rarest, part);
  }
  return { matching, rarest };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function frequency({ frequencies }: SearchStatistics, { lexeme, isPrefix }: Term): number {
  if (!isPrefix) return frequencies.get(lexeme) ?? RARE;
  let total = RARE;
  for (const [known, part] of frequencies) if (known.startsWith(lexeme)) total += part;
  return total;
}

/** Whether the index may be asked for the whole catalogue. */
export const isCheap = ({ products }: SearchStatistics, { rarest }: Estimate): boolean =>
  products * rarest <= MAX_ENTRIES;

/** The level whose buckets have enough matches to rank, and not too many. */
export function bucketLevel(statistics: SearchStatistics, expected: Estimate): number {
  const { products } = statistics;
  let level = 0;
  while (level < MAX_LEVEL && (products * expected.matching) / 16 ** level > ENOUGH) level++;
  if (level === 0 && !isCheap(statistics, expected)) level = 1;
  while (level > 0 && level < MAX_LEVEL && products / 16 ** level > MAX_ENTRIES) level++;
  return level;
}

/**
 * An unfinished word that begins too many: the index would have to collect all of them first. The most frequent of them stand for it.
 */
export function completePrefixes(statistics: SearchStatistics, requirements: readonly Requirement[]): Requirement[] {
  return requirements.map((requirement) => requirement.flatMap((terms) => completions(statistics, terms)));
}

function completions(statistics: SearchStatistics, terms: Term[]): Term[][] {
  const last = terms.at(-1);
  if (!last?.isPrefix || statistics.products * frequency(statistics, last) <= MAX_BEGUN) return [terms];
  const known = [...statistics.frequencies].filter(([lexeme]) => lexeme.startsWith(last.lexeme));
  known.sort(([, a], [, b]) => b - a);
  return known.slice(0, MAX_COMPLETIONS).map(([lexeme]) => [...terms.slice(0, -1), { lexeme }]);
}
