/** Characters that patterns often treat in a way of their own. */
const USUAL_SUSPECTS = [
  ...'aA0_-./ \t\n"\'@:;,=%+#&?[(<',
  ...['é', 'ß', '\u0301', '\u200d', '\ufe0f', 'ب', '茶', '\ud800', '\udc00', '\u{1f468}', '\u0000', '\u00a0', '\u2028'],
];

/** What a text ends in that is to be refused only after all of it was read. */
const ENDS = ['', '\u0000\n', '! '];

/** A text by how it is made: `start`, then `repeated` as often as there is room, then `end`. */
export type HostileString = { start: string; repeated: string; end: string };

export const textOf = ({ start, repeated, end }: HostileString, length: number): string =>
  start + repeated.repeat(Math.ceil(length / repeated.length)).slice(0, length) + end;

/**
 * Texts that a pattern may take long for: characters that it names, and those that are often special, one, two or three of them again and
 * again, after whatever the pattern wants at the start, and before something that it does not expect.
 */
export function hostileStrings(source: string): HostileString[] {
  const named = namedCharacters(source);
  const single = [...new Set([...named, ...USUAL_SUSPECTS])];
  const few = [...new Set([...named.slice(0, 9), 'a', '0', ' '])];
  const pairs = few.flatMap((first) => few.filter((second) => second !== first).map((second) => first + second));
  const words = literalsOf(source);
  const repeated = [...single, ...pairs, ...words.flatMap((word) => [word, `${word}a`, `${word} `])];
  const starts = ['', ...words, words.join('')].filter((start, index, all) => all.indexOf(start) === index);
  return starts.flatMap((start) => repeated.flatMap((one) => ENDS.map((end) => ({ start, repeated: one, end }))));
}

/** The characters that a pattern names, ends of ranges too. */
function namedCharacters(source: string): string[] {
  const plain = unescaped(source.replaceAll(/\\[pP]\{[^}]*\}|\\[dwsbDWSB]|\(\?[<!=:]+/g, ''));
  return [...new Set(plain)].filter((character) => !'^$*?|{}()[]'.includes(character)).slice(0, 24);
}

/** Longer texts that a pattern wants as they are, such as `https://`. */
function literalsOf(source: string): string[] {
  const found = source.match(/(?:\\[^\w]|[A-Za-z0-9:/@ <="]){2,}(?![*?{+])/g) ?? [];
  return [...new Set(found.map(unescaped))].filter((word) => word.length > 1 && word.length < 20).slice(0, 3);
}

function unescaped(source: string): string {
  return source
    .replaceAll(/\\u\{([0-9a-f]+)\}|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi, (_all, braced, unit, byte) =>
      String.fromCodePoint(Number.parseInt(braced ?? unit ?? byte, 16)),
    )
    .replaceAll('\\t', '\t')
    .replaceAll('\\n', '\n')
    .replaceAll('\\r', '\r')
    .replaceAll('\\', '');
}
