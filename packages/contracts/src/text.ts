import {
  CHANGED_BY_NFC,
  characterProperties,
  HIDDEN,
  LINE_BREAK,
  propertiesOfUnits,
  removeHidden,
} from './text-characters.ts';

/**
 * How text that people write is read, in every field of every service: one recipe for a line, one for a text of several
 * lines. Both
 * - remove white space and direction embeddings at the ends, and write the text in the normal form NFC;
 * - remove characters that nobody sees and that mean nothing where they stand (zero-width spaces, soft hyphens, tags, blank
 *   fillers). What scripts and emoji need stays: joiners after letters that join and after emoji, one variation selector
 *   after a character that has variants, direction marks in text with letters that are written from right to left;
 * - refuse what controls (control characters, direction overrides) and what is damaged (lone surrogates, U+FFFD);
 * - give an empty text if nothing visible remains.
 * A line has no line break inside; in a text of several lines every line break is written as `\n`.
 *
 * Whoever sends a text decides how long reading it takes. So each step looks at every character once. Usual text in Latin-1
 * is recognised by native searches, faster than it is parsed. Other text is looked through once, and only what that finds is
 * done: `normalize` costs more than everything else together.
 */
export type TextReading = { value: string } | { message: string };

/** V8 answers at once for a string that it stores as Latin-1. */
const BEYOND_LATIN_1 = /[\u0100-\uffff]/;
/**
 * What a recipe does something about in Latin-1: control characters but tab and newline, and soft hyphens. Three patterns,
 * since V8 searches by SIMD, which is five times as fast, for few characters only.
 */
const UNUSUAL_IN_LATIN_1 = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /[\x00-\x08\x7f-\x88\xad]/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /[\x0b-\x0f\x89-\x8f]/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /[\x10-\x1f\x90-\x9f]/,
];

const LINE_BREAKS = /\r\n|[\r\u0085\u2028\u2029]/g;
const BREAKS_A_LINE = /[\t\n\r\u0085\u2028\u2029]/;
/** Letters, digits, punctuation and symbols; but not the blank pattern of Braille, nor letters that are blank. */
const VISIBLE = /[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800]]/v;

/** Reads a text that is to be one line. */
export function readLine(text: string): TextReading {
  const trimmed = trimmedText(text);
  if (!isUsual(trimmed)) return cleaned(trimmed, true);
  return BREAKS_A_LINE.test(trimmed) ? NOT_A_LINE : { value: trimmed };
}

/** Reads a text that may have several lines. */
export function readText(text: string): TextReading {
  const trimmed = trimmedText(text);
  return isUsual(trimmed) ? { value: trimmed } : cleaned(trimmed, false);
}

const NOT_A_LINE = { message: 'must be one line, without line breaks or tabs' };

/** True for most text in Latin-1: there is nothing to be done about it. */
function isUsual(text: string): boolean {
  return !BEYOND_LATIN_1.test(text) && !UNUSUAL_IN_LATIN_1.some((characters) => characters.test(text));
}

function cleaned(text: string, isLine: boolean, isComposed = false): TextReading {
  const { length } = text;
  const buffer = length <= SCRATCH ? scratch : Buffer.from(new ArrayBuffer(2 * length));
  buffer.write(text, 'utf16le');
  const units = new Uint16Array(buffer.buffer, buffer.byteOffset, length);
  const present = propertiesOfUnits(units);
  if (present & LINE_BREAK) {
    if (isLine) return NOT_A_LINE;
    const lines = text.replace(LINE_BREAKS, '\n');
    if (lines !== text) return cleaned(trimmedText(lines), isLine);
  }
  if (!text.isWellFormed()) return { message: 'must not contain half of a surrogate pair' };
  const found = characterProperties(units, present);
  if ('message' in found) return found;
  const { properties } = found;
  // First, since a few characters are taken apart by it: what follows them then follows a mark.
  const composed = !isComposed && properties & CHANGED_BY_NFC ? text.normalize('NFC') : text;
  if (composed !== text) return cleaned(trimmedText(composed), isLine, true);
  const shown = properties & HIDDEN ? buffer.toString('utf16le', 0, 2 * removeHidden(units, properties)) : text;
  // A text that is in NFC stays so in all its parts, but not where something between two characters was removed.
  const normal = shown !== text && properties & CHANGED_BY_NFC ? shown.normalize('NFC') : shown;
  const value = shown === text ? text : trimmedText(normal);
  return { value: VISIBLE.test(value) ? value : '' };
}

/** UTF-16 units of the longest text that needs no memory of its own. */
const SCRATCH = 32_768;
/** Holds the units of one text while it is read. */
const scratch = Buffer.from(new ArrayBuffer(2 * SCRATCH));

/** Character by character from both ends: a pattern that is anchored at the end takes quadratic time. */
function trimmedText(text: string): string {
  const inner = text.trim();
  let start = 0;
  let end = inner.length;
  while (start < end && isTrimmed(inner.charCodeAt(start))) start++;
  while (end > start && isTrimmed(inner.charCodeAt(end - 1))) end--;
  return end - start === inner.length ? inner : inner.slice(start, end);
}

/** White space as in `\s`, direction embeddings and isolates, and blanks that nobody sees. */
function isTrimmed(code: number): boolean {
  if (code < 0xa0) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x2000) return code === 0xa0 || code === 0xad || code === 0x1680 || code === 0x180e;
  if (code > 0x206f) return code === 0x3000 || code === 0xfeff;
  if (code <= 0x200b || (code >= 0x2028 && code <= 0x202f)) return true;
  return code === 0x205f || code === 0x2060 || code >= 0x2066;
}
