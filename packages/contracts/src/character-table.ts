/**
 * What the recipes of `text.ts` need to know of a character, as bits. They are looked
 * up in a table: a pattern with Unicode properties compares a character with hundreds of ranges, which costs ten times as
 * much as parsing the text. A text is an array of UTF-16 units here, since an array is looked through twice as fast as a string.
 */

/** A combining mark. */
export const MARK = 1;
/** Nobody sees it: it is removed unless it is needed where it stands. */
export const HIDDEN = 2;
/** It controls, or it is a sign of damage. Tab, newline, carriage return and U+0085 are left to the recipes. */
export const FORBIDDEN = 4;
/** The normal form NFC may change it, or put it together with what is before it. */
export const CHANGED_BY_NFC = 8;
/** A joiner after it has a meaning. */
export const JOINS = 16;
/** A variation selector after it has a meaning. */
export const VARIES = 32;
/** Written from right to left, so that a direction mark beside it has a meaning. */
export const RIGHT_TO_LEFT = 64;
/** An emoji that joiners put together with others, also with U+FE0F after it. */
export const PICTOGRAPHIC = 128;
/** Half of a surrogate pair: the properties are those of the pair. */
export const HALF = 256;
/** A line must not have it: a tab or a line break. */
export const LINE_BREAK = 512;

/** Scripts whose letters stand one after the other: a joiner means nothing between them. */
const notJoining =
  '\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}' +
  '\\p{Script=Hangul}\\p{Script=Common}\\p{Script=Inherited}';
const joining =
  `[[[\\p{L}\\p{M}]--[${notJoining}]]\\u064b-\\u0655\\u0670\\u0951-\\u0954` +
  '\\p{Extended_Pictographic}\\p{Emoji_Modifier}]';
/** Emoji (with digits, for keycaps), symbols, Chinese characters, and scripts that use variation selectors. */
const varying =
  '[\\p{Emoji}\\p{S}\\p{Script=Han}\\p{Script=Mongolian}\\p{Script=Myanmar}\\p{Script=Phags_Pa}' +
  '\\u3001\\u3002\\uff01\\uff0c\\uff0e\\uff1a\\uff1b\\uff1f]';
const rightToLeft =
  '[\\p{Script=Arabic}\\p{Script=Hebrew}\\p{Script=Syriac}\\p{Script=Thaana}\\p{Script=Nko}\\p{Script=Adlam}' +
  '\\p{Script=Hanifi_Rohingya}\\p{Script=Mandaic}\\p{Script=Samaritan}]';

const PROPERTIES: readonly [bit: number, characters: string][] = [
  [MARK, '\\p{M}'],
  [HIDDEN, '[\\p{Default_Ignorable_Code_Point}\\ufff9-\\ufffb]'],
  [FORBIDDEN, '[[\\p{Cc}--[\\t\\n\\r\\u0085]]\\u202a-\\u202e\\u2066-\\u2069\\ufffd\\p{Noncharacter_Code_Point}]'],
  // Marks may be put in another order; vowels and last consonants of Korean are put together with what is before them.
  [CHANGED_BY_NFC, '[\\p{M}\\u1161-\\u1175\\u11a8-\\u11c2]'],
  [JOINS, joining],
  [VARIES, varying],
  [RIGHT_TO_LEFT, rightToLeft],
  [PICTOGRAPHIC, '\\p{Extended_Pictographic}'],
  [LINE_BREAK, '[\\t\\n\\r\\u0085\\u2028\\u2029]'],
];

/** Set for every character that was met: what is 0 in the table has not been looked up yet. */
export const KNOWN = 1024;

/**
 * A table of planes 0 to 3 and of the one part of plane 14 that has characters. Planes 4 to 13 are empty, 15 and 16 are for
 * private use: nothing there has a property, but the last two of each plane.
 */
const PLANES = 0x40000;
const LAST_PART = 0xe0000;
/** Characters that are looked up together, when one of them is met; it takes less than a millisecond. */
const PAGE = 0x1000;
/** The properties of the characters that were met, by code point. */
export const table = new Uint16Array(PLANES + PAGE);
let expressions: [bit: number, expression: RegExp][] | undefined;

/** The bits of a code point; others than those above may be set too. */
export function propertiesOf(code: number): number {
  const known = code < PLANES ? (table[code] ?? 0) : 0;
  return known === 0 ? lookUp(code) : known;
}

function lookUp(code: number): number {
  const index = code < PLANES ? code : code - LAST_PART + PLANES;
  if (code >= PLANES && (index < PLANES || index >= table.length)) return (code & 0xfffe) === 0xfffe ? FORBIDDEN : 0;
  if (table[index] === 0) lookUpPage(code - (code % PAGE), index - (index % PAGE));
  return table[index] ?? 0;
}

function lookUpPage(firstCode: number, firstIndex: number): void {
  const characters = Array.from({ length: PAGE }, (_, at) => String.fromCodePoint(firstCode + at));
  const all = characters.join('');
  const width = firstCode > 0xffff ? 2 : 1;
  const page = table.subarray(firstIndex, firstIndex + PAGE).fill(KNOWN);
  expressions ??= PROPERTIES.map(([bit, source]) => [bit, new RegExp(`${source}+`, 'gv')]);
  for (const [bit, expression] of expressions) {
    for (const { 0: run, index } of all.matchAll(expression)) {
      for (let at = index / width; at < (index + run.length) / width; at++) page[at] = (page[at] ?? 0) | bit;
    }
  }
  // The last of the first halves and the first of the second halves are a pair in `all`.
  if (firstCode === 0xd000) page.fill(KNOWN | HALF, 0x800);
  for (const [at, character] of characters.entries()) {
    if (character.normalize('NFC') !== character) page[at] = (page[at] ?? 0) | CHANGED_BY_NFC;
  }
}
