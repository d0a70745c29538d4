import type { Synonyms, Word } from './search-query.ts';

/** Groups of words that mean the same: each term is its words as the index has them. */
export type SynonymGroups = readonly (readonly (readonly Word[])[])[];

/** Each alternative is looked for in the index besides. */
const MAX_OTHERS = 12;

type Entry = { term: readonly Word[]; group: SynonymGroups[number] };

/** Finds what is looked for as well as some words of a phrase. The longest term that is there counts. */
export function createSynonyms(groups: SynonymGroups): Synonyms {
  const entries = new Map<string, Entry[]>();
  for (const group of groups) {
    for (const term of group) {
      for (const form of term[0] ? formsOf(term[0]) : []) {
        entries.set(form, [...(entries.get(form) ?? []), { term, group }]);
      }
    }
  }
  return (words, from) => {
    const [first] = words.slice(from, from + 1);
    const begun = first ? formsOf(first).flatMap((form) => entries.get(form) ?? []) : [];
    const found = begun.filter(({ term }) => term.every((word, index) => isSameWord(word, words[from + index])));
    if (found.length === 0) return undefined;
    const length = Math.max(...found.map(({ term }) => term.length));
    const longest = found.filter(({ term }) => term.length === length);
    const others = longest.flatMap(({ term, group }) => group.filter((other) => other !== term));
    return { length, others: [...new Set(others)].slice(0, MAX_OTHERS).map((term) => [...term]) };
  };
}

/** A word in all forms by which it is in the index: with several languages, each inflection shares one with the others. */
const formsOf = ({ word, stems }: Word): string[] => [...new Set([word, ...stems])];

function isSameWord(a: Word, b: Word | undefined): boolean {
  if (!b) return false;
  const forms = new Set(formsOf(a));
  return formsOf(b).some((form) => forms.has(form));
}
