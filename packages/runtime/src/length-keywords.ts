import { _, type FuncKeywordDefinition, str } from 'ajv';

/**
 * The keywords `maxLength` and `minLength` for Ajv, in the place of its own: they count the characters of a text only where
 * the number of its UTF-16 units leaves open how many there are; a character has one unit or two. Counting takes longer than
 * parsing, and nearly every text is short enough by either number, or too long by far. Both run before `pattern`.
 */
export const lengthKeywords: readonly FuncKeywordDefinition[] = [
  lengthKeyword(
    'maxLength',
    'at most',
    (limit) =>
      ({ length }, count) =>
        length <= limit || (length <= 2 * limit && count() <= limit),
  ),
  lengthKeyword(
    'minLength',
    'at least',
    (limit) =>
      ({ length }, count) =>
        length >= 2 * limit || (length >= limit && count() >= limit),
  ),
];

type Allows = (text: string, count: () => number) => boolean;

function lengthKeyword(keyword: string, comparison: string, allows: (limit: number) => Allows): FuncKeywordDefinition {
  return {
    keyword,
    type: 'string',
    schemaType: 'number',
    before: 'pattern',
    error: {
      message: ({ schemaCode }) => str`must have ${comparison} ${schemaCode} characters`,
      params: ({ schemaCode }) => _`{limit: ${schemaCode}}`,
    },
    compile(limit: number) {
      const isAllowed = allows(limit);
      return (text: string) => isAllowed(text, () => countCharacters(text));
    },
  };
}

function countCharacters(text: string): number {
  let count = text.length;
  for (let at = 1; at < text.length; at++) {
    const isPair = (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
    if (isPair) count--;
  }
  return count;
}
