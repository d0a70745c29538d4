import { FORBIDDEN, HALF, HIDDEN, KNOWN, MARK, propertiesOf, table } from './character-table.ts';

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

/** The code point at a place of a text. */
export function codeAt(units: Uint16Array, at: number): number {
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

/** Whether a code point lies in a range. */
export const isBetween = (code: number, first: number, last: number): boolean => code >= first && code <= last;
