import { HALF, HIDDEN, JOINS, PICTOGRAPHIC, propertiesOf, RIGHT_TO_LEFT, table, VARIES } from './character-table.ts';
import { codeAt, isBetween } from './text-characters.ts';

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
  const isSelector =
    isBetween(code, 0xfe00, 0xfe0f) || isBetween(code, 0x180b, 0x180d) || isBetween(code, 0xe0100, 0xe01ef);
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
