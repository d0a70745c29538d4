/**
 * How many letters must be left out, added, replaced or swapped with their neighbour to make one word of the other (optimal string
 * alignment).
 */
export function editDistance(a: string, b: string): number {
  const from = [...a];
  const to = [...b];
  let previous: number[] = [];
  let row = to.map((_, index) => index).concat(to.length);
  for (const [i, letter] of from.entries()) {
    const next = [i + 1];
    for (const [j, other] of to.entries()) {
      const isSwapped = i > 0 && j > 0 && letter === to[j - 1] && from[i - 1] === other;
      next.push(
        Math.min(
          (row[j + 1] ?? 0) + 1,
          (next[j] ?? 0) + 1,
          (row[j] ?? 0) + (letter === other ? 0 : 1),
          isSwapped ? (previous[j - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    previous = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The mistakes that a word of this length may have: with more, it would be another word. */
export const typoTolerance = (word: string): number => (word.length < 5 ? 1 : word.length < 9 ? 2 : 3);
