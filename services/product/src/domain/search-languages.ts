/** Languages that words are understood in, by their code (ISO 639-1): each has a stemmer and a list of stop words in PostgreSQL. */
export const searchLanguages = {
  ...{ ar: 'arabic', ca: 'catalan', da: 'danish', de: 'german', el: 'greek', en: 'english', es: 'spanish' },
  ...{ fi: 'finnish', fr: 'french', ga: 'irish', hu: 'hungarian', id: 'indonesian', it: 'italian', lt: 'lithuanian' },
  ...{ nl: 'dutch', no: 'norwegian', pt: 'portuguese', ro: 'romanian', ru: 'russian', sv: 'swedish', tr: 'turkish' },
} as const;

/** Each language costs time with each product that is written, and space in the index. */
export const MAX_LANGUAGES = 8;

/** A list of codes, as a pattern for settings. */
export const LANGUAGES_PATTERN = `^(${Object.keys(searchLanguages).join('|')})(,(${Object.keys(searchLanguages).join('|')})){0,${MAX_LANGUAGES - 1}}$`;

/** The names that PostgreSQL has for the languages of a setting such as `de,en`, each once. */
export function languagesOf(setting: string): string[] {
  // as: LANGUAGES_PATTERN has been checked.
  const codes = setting.split(',') as (keyof typeof searchLanguages)[];
  return [...new Set(codes.map((code) => searchLanguages[code]))];
}

/** Those that write several words as one, such as `Kaffeetasse`. */
export const compoundingLanguages: ReadonlySet<string> = new Set(['german', 'dutch', 'danish', 'norwegian', 'swedish']);
