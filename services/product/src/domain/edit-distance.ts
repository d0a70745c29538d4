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

const lettersBetween = (first: string, last: string): string[] => {
  const from = first.charCodeAt(0);
  return Array.from({ length: last.charCodeAt(0) - from + 1 }, (_, index) => String.fromCharCode(from + index));
};

/** Of the scripts whose words are a few letters long: what may stand in the place of a letter. */
const alphabets = [lettersBetween('a', 'z'), lettersBetween('α', 'ω'), lettersBetween('а', 'я')];

/** Words of three and four letters with one mistake at their beginning: the first letter replaced, forgotten, added, or swapped with the second. */
export function withOtherBeginning(word: string): string[] {
  const [first = '', second = '', ...end] = word;
  const alphabet = alphabets.find((letters) => letters.includes(first));
  if (!alphabet || end.length < 1 || end.length > 2) return [];
  const rest = second + end.join('');
  const others = alphabet.flatMap((letter) => [letter + rest, letter + word]);
  return [...new Set([...others, rest, second + first + end.join('')])].filter((other) => other !== word);
}
