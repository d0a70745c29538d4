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
 * Each step looks at every character once, so that the time grows with the length and no faster.
 */
export type TextReading = { value: string } | { message: string };

const AT_THE_ENDS = /[\s\u00ad\u180e\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u;

/** Control characters but tab, newline and carriage return, which the recipes decide on; direction embeddings, overrides, isolates. */
const CONTROLS = /[[\p{Cc}\u202a-\u202e\u2066-\u2069]--[\t\n\r\u0085]]/v;
const DAMAGED = /[\ufffd\p{Noncharacter_Code_Point}]/u;
/**
 * As many marks on one letter as UAX #15 (stream-safe text) allows. Without the limit, normalising takes time that grows with
 * the square of their number: minutes for a megabyte.
 */
const TOO_MANY_MARKS = /\p{M}{31}/u;
const LINE_BREAKS = /\r\n|[\r\u0085\u2028\u2029]/g;
const BREAKS_A_LINE = /[\t\n\r\u0085\u2028\u2029]/;

const HIDDEN = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/v;
/** Letters and marks of scripts whose letters join: not of those that are written one letter after the other. */
const joining =
  '[[[\\p{L}\\p{M}]--[\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\p{Script=Han}\\p{Script=Hiragana}' +
  '\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Common}\\p{Script=Inherited}]]\\u064b-\\u0655\\u0670\\u0951-\\u0954]';
/** What may have a variation selector: emoji (with digits, for keycaps), symbols, Chinese characters, scripts that use them. */
const varying =
  '[\\p{Emoji}\\p{S}\\p{Script=Han}\\p{Script=Mongolian}\\p{Script=Myanmar}\\p{Script=Phags_Pa}\\u3001\\u3002\\uff01\\uff0c\\uff0e\\uff1a\\uff1b\\uff1f]';
const needed = [
  `(?<=[${joining}\\p{Extended_Pictographic}\\p{Emoji_Modifier}]|\\p{Extended_Pictographic}\\ufe0f)[\\u200c\\u200d]`,
  `(?<=${varying})[\\ufe00-\\ufe0f\\u180b-\\u180d\\u{e0100}-\\u{e01ef}]`,
  // The flag of a region, such as Scotland's: a black flag, the letters of the region as tags, and their end.
  '(?<=\\u{1f3f4})[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{1,6}\\u{e007f}',
  // The parts of a syllable of old Korean that has no first letter, or no vowel.
  '\\u115f(?=[\\u1161-\\u11a7])',
  '(?<=[\\u1100-\\u115e\\ua960-\\ua97c])\\u1160',
  '[\\u200e\\u200f\\u061c]',
];
const NEEDED_OR_HIDDEN = new RegExp(`(?<needed>${needed.join('|')})|${HIDDEN.source}`, 'gv');
const DIRECTION_MARKS = /[\u200e\u200f\u061c]/g;
const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}\p{Script=Mandaic}\p{Script=Samaritan}]/u;
/** Letters, digits, punctuation and symbols; but not the blank pattern of Braille, nor letters that are blank. */
const VISIBLE = /[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800]]/v;

/** Reads a text that is to be one line. */
export function readLine(text: string): TextReading {
  const trimmed = trimmedText(text);
  if (BREAKS_A_LINE.test(trimmed)) return { message: 'must be one line, without line breaks or tabs' };
  return cleaned(trimmed);
}

/** Reads a text that may have several lines. */
export function readText(text: string): TextReading {
  return cleaned(trimmedText(text).replace(LINE_BREAKS, '\n'));
}

function cleaned(text: string): TextReading {
  if (!text.isWellFormed()) return { message: 'must not contain half of a surrogate pair' };
  const bad = CONTROLS.exec(text)?.[0];
  if (bad !== undefined) return { message: `must not contain the control character ${codePointOf(bad)}` };
  const damaged = DAMAGED.exec(text)?.[0];
  if (damaged !== undefined) {
    return {
      message: `contains ${codePointOf(damaged)}: the text was damaged before, by reading it in the wrong charset`,
    };
  }
  if (TOO_MANY_MARKS.test(text)) return { message: 'must not have more than 30 combining marks in a row' };
  const shown = HIDDEN.test(text) ? withoutHidden(text) : text;
  const value = trimmedText(shown.normalize('NFC'));
  return { value: VISIBLE.test(value) ? value : '' };
}

function withoutHidden(text: string): string {
  const rest = text.replace(NEEDED_OR_HIDDEN, '$<needed>');
  return RIGHT_TO_LEFT.test(rest) ? rest : rest.replace(DIRECTION_MARKS, '');
}

/** Character by character from both ends: a pattern that is anchored at the end takes quadratic time. */
function trimmedText(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && AT_THE_ENDS.test(text.charAt(start))) start++;
  while (end > start && AT_THE_ENDS.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

const codePointOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
