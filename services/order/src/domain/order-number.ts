/** Order numbers have eight digits: random, so that they do not tell how many orders there are. */
const SMALLEST = 10_000_000;
const LARGEST = 99_999_999;

/** A random order number, given a function that draws an integer from `min` up to, not including, `max`. */
export const drawOrderNumber = (randomInt: (min: number, max: number) => number): number =>
  randomInt(SMALLEST, LARGEST + 1);

/** `T-10023456`, as people read it. */
export const formatOrderNumber = (number: number): string => `T-${number}`;

/**
 * Reads an order number as people type it: in any case, with spaces or hyphens, with or without `T-` or `#`. Null for what is
 * none.
 */
export function parseOrderNumber(text: string): number | null {
  const digits = text
    .trim()
    .replace(/^#/, '')
    .replace(/^t/i, '')
    .replace(/[\s.-]/g, '');
  if (!/^\d{8}$/.test(digits)) return null;
  const number = Number(digits);
  return number >= SMALLEST ? number : null;
}
