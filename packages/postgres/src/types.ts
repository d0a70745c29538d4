import pg from 'pg';

type TextParser = (text: string) => unknown;

/** int8 as a number; amounts and counts are far below 2^53, and what is not is refused rather than rounded. */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is not a safe integer`);
  return value;
}

/** numeric as a number: integers exactly (`sum(bigint)` is one) or not at all, fractions as the nearest double. */
export function parseNumeric(text: string): number {
  return text.includes('.') ? Number(text) : parseInt8(text);
}

function arrayOf(parse: (text: string) => number): TextParser {
  return (text) =>
    text === '{}'
      ? []
      : text
          .slice(1, -1)
          .split(',')
          .map((item) => (item === 'NULL' ? null : parse(item)));
}

/** Object ids from pg_type, which never change. */
const parsers = new Map<number, TextParser>([
  [20, parseInt8],
  [1016, arrayOf(parseInt8)],
  [1700, parseNumeric],
  [1231, arrayOf(parseNumeric)],
  // A date has no zone; pg's own parser would make it the local midnight.
  [1082, (text) => text],
]);

/** The parsers of every connection: pg's own (timestamptz → Date, json → value), save for int8, numeric and date. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) || pg.types.getTypeParser(oid, format),
};
