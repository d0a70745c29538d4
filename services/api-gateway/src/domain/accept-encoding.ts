/** The encodings that are offered, the preferred one first. */
const offered = ['br', 'gzip'] as const;

/**
 * The encoding for an answer by `Accept-Encoding`; undefined for none. Source: RFC 9110, 12.5.3. Of those that the client takes,
 * ours to prefer is the smaller; its weights count only where they are 0, which refuses.
 */
export function chooseEncoding(header: string | undefined): (typeof offered)[number] | undefined {
  if (header === undefined) return undefined;
  const accepted = new Map<string, boolean>();
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    accepted.set(name, !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)));
  }
  return offered.find((name) => accepted.get(name) ?? accepted.get('*'));
}
