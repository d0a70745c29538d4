/**
 * What the recipes of `text.ts` need to know of a character, as bits, and what looks through a text by them. They are looked
 * up in a table: a pattern with Unicode properties compares a character with hundreds of ranges, which costs ten times as
 * much as parsing the text. A text is an array of UTF-16 units here, since an array is looked through twice as fast as a string.
 */

/** A combining mark. */
const MARK = 1;
/** Nobody sees it: it is removed unless it is needed where it stands. */
export const HIDDEN = 2;
/** It controls, or it is a sign of damage. Tab, newline, carriage return and U+0085 are left to the recipes. */
const FORBIDDEN = 4;
/** The normal form NFC may change it, or put it together with what is before it. */
export const CHANGED_BY_NFC = 8;
/** A joiner after it has a meaning. */
const JOINS = 16;
/** A variation selector after it has a meaning. */
const VARIES = 32;
/** Written from right to left, so that a direction mark beside it has a meaning. */
const RIGHT_TO_LEFT = 64;
/** An emoji that joiners put together with others, also with U+FE0F after it. */
const PICTOGRAPHIC = 128;
/** Half of a surrogate pair: the properties are those of the pair. */
const HALF = 256;
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
const KNOWN = 1024;

/**
 * A table of planes 0 to 3 and of the one part of plane 14 that has characters. Planes 4 to 13 are empty, 15 and 16 are for
 * private use: nothing there has a property, but the last two of each plane.
 */
const PLANES = 0x40000;
const LAST_PART = 0xe0000;
/** Characters that are looked up together, when one of them is met; it takes less than a millisecond. */
const PAGE = 0x1000;
const table = new Uint16Array(PLANES + PAGE);
let expressions: [bit: number, expression: RegExp][] | undefined;

/** The bits of a code point; others than those above may be set too. */
function propertiesOf(code: number): number {
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

/**
 * All bits of the units of a text, each by itself. Call it before the functions below: they take the units to be in the
 * table.
 */
export function propertiesOfUnits(units: Uint16Array): number {
  const known = table;
  const { length } = units;
  let all = 0;
  let everyOne = KNOWN;
  for (let at = 0; at < length; at++) {
    const properties = known[units[at] ?? 0] ?? 0;
    all |= properties;
    everyOne &= properties;
  }
  return everyOne === 0 ? units.reduce((sum, unit) => sum | propertiesOf(unit), 0) : all;
}

function codeAt(units: Uint16Array, at: number): number {
  const unit = units[at] ?? 0;
  if ((unit & 0xfc00) !== 0xd800) return unit;
  return 0x10000 + ((unit & 0x3ff) << 10) + ((units[at + 1] ?? 0) & 0x3ff);
}

/**
 * As many marks on one letter as UAX #15 (stream-safe text) allows. Without the limit, normalising takes time that grows with
 * the square of their number: minutes for a megabyte.
 */
const MAX_MARKS = 30;
const TOO_MANY_MARKS = { message: `must not have more than ${MAX_MARKS} combining marks in a row` };

/** All bits of the characters of a text, or what is wrong with it. `present` are those of its units. */
export function characterProperties(units: Uint16Array, present: number): { properties: number } | { message: string } {
  if ((present & (HALF | FORBIDDEN | MARK)) === 0) return { properties: present };
  const known = table;
  const { length } = units;
  let properties = 0;
  let marks = 0;
  for (let at = 0; at < length; at++) {
    const kind = known[units[at] ?? 0] ?? 0;
    const whole = kind & HALF ? propertiesOf(codeAt(units, at)) : kind;
    properties |= whole;
    if (whole & (FORBIDDEN | MARK | HIDDEN)) {
      if (whole & FORBIDDEN) return forbiddenCharacter(codeAt(units, at));
      // What is hidden is removed: the marks before and after it come together.
      if (whole & MARK && ++marks > MAX_MARKS) return TOO_MANY_MARKS;
    } else marks = 0;
    if (kind & HALF) at++;
  }
  return { properties };
}

function forbiddenCharacter(code: number): { message: string } {
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const isDamage = code === 0xfffd || (code & 0xfffe) === 0xfffe || isBetween(code, 0xfdd0, 0xfdef);
  if (!isDamage) return { message: `must not contain the control character ${name}` };
  return { message: `contains ${name}: the text was damaged before, by reading it in the wrong charset` };
}

/**
 * Removes the characters that nobody sees, unless they are needed where they stand, from a text with these properties. The
 * array is overwritten; returns how many of its units the text has then.
 */
export function removeHidden(units: Uint16Array, properties: number): number {
  const known = table;
  const { length } = units;
  const isRightToLeft = (properties & RIGHT_TO_LEFT) !== 0;
  let kept = 0;
  let [before, beforeThat] = [0, 0];
  for (let at = 0; at < length; ) {
    const unit = units[at] ?? 0;
    const kind = known[unit] ?? 0;
    let code = unit;
    let width = 1;
    let isKept = true;
    if (kind & HALF) {
      code = codeAt(units, at);
      width = 2;
    }
    if (kind & (HALF | HIDDEN) && propertiesOf(code) & HIDDEN) {
      const region = before === BLACK_FLAG && code >= 0xe0000 ? regionLength(units, at) : 0;
      width = region || width;
      isKept =
        region > 0 || (isDirectionMark(code) ? isRightToLeft : isNeeded(code, before, beforeThat, units[at + 1] ?? 0));
    }
    if (isKept) for (let unit = 0; unit < width; unit++) units[kept++] = units[at + unit] ?? 0;
    at += width;
    beforeThat = before;
    before = code;
  }
  return kept;
}

const BLACK_FLAG = 0x1f3f4;
const EMOJI_PRESENTATION = 0xfe0f;

const isDirectionMark = (code: number): boolean => code === 0x200e || code === 0x200f || code === 0x061c;

/** Whether a hidden character means something after these two characters and before this unit. */
function isNeeded(code: number, before: number, beforeThat: number, next: number): boolean {
  if (code === 0x200c || code === 0x200d) {
    if (propertiesOf(before) & JOINS) return true;
    return before === EMOJI_PRESENTATION && (propertiesOf(beforeThat) & PICTOGRAPHIC) !== 0;
  }
  // The parts of a syllable of old Korean that has no first letter, or no vowel.
  if (code === 0x115f) return isBetween(next, 0x1161, 0x11a7);
  if (code === 0x1160) return isBetween(before, 0x1100, 0x115e) || isBetween(before, 0xa960, 0xa97c);
  // The vowel separator of Mongolian stands between two letters.
  if (code === 0x180e) return isBetween(before, 0x1820, 0x18aa) && isBetween(next, 0x1820, 0x18aa);
  const isSelector =
    isBetween(code, 0xfe00, 0xfe0f) ||
    (isBetween(code, 0x180b, 0x180f) && code !== 0x180e) ||
    isBetween(code, 0xe0100, 0xe01ef);
  return isSelector && (propertiesOf(before) & VARIES) !== 0;
}

/** The units of the region of a flag, such as Scotland's: up to six letters and digits as tags, and their end. Or 0. */
function regionLength(units: Uint16Array, start: number): number {
  for (let at = start; at < units.length && at <= start + 12; at += 2) {
    const code = codeAt(units, at);
    if (code === 0xe007f) return at > start ? at + 2 - start : 0;
    if (!isBetween(code, 0xe0030, 0xe0039) && !isBetween(code, 0xe0061, 0xe007a)) return 0;
  }
  return 0;
}

const isBetween = (code: number, first: number, last: number): boolean => code >= first && code <= last;
