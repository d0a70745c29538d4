export type CsvFormat = {
  separator: string;
  /** Whether the field at this place may have line breaks inside quotes. */
  mayHaveLines: (place: number) => boolean;
  /** Characters of one record. */
  maxLength: number;
};

/** A record, a mistake and how far it was read, or the need for more text. */
export type ParsedRecord = 'more' | { fields: string[]; end: number; lines: number } | { message: string; end: number };

/** Parses the record that begins at `start`; `ended` says that the file has no more text. */
export function parseRecord(text: string, start: number, ended: boolean, format: CsvFormat): ParsedRecord {
  const fields: string[] = [];
  let at = start;
  let lines = 1;
  for (;;) {
    const quote = afterBlanks(text, at);
    if (text[quote] === '"') {
      const field = parseQuoted(text, quote, ended, { ...format, start, place: fields.length });
      if (field === 'more' || 'message' in field) return field;
      fields.push(field.value);
      lines += field.lines;
      at = field.end;
    } else {
      const end = endOfField(text, at, format.separator);
      if (end === text.length && !ended) return 'more';
      fields.push(text.slice(at, end));
      at = end;
    }
    if (at >= text.length) return { fields, end: text.length, lines };
    if (text[at] === '\n') return { fields, end: at + 1, lines };
    at++;
  }
}

type QuotedField = 'more' | { value: string; end: number; lines: number } | { message: string; end: number };

function parseQuoted(
  text: string,
  start: number,
  ended: boolean,
  format: CsvFormat & { start: number; place: number },
): QuotedField {
  const mayHaveLines = format.mayHaveLines(format.place);
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    const end = quote < 0 ? text.length : quote;
    const newline = mayHaveLines ? -1 : text.slice(at, end).indexOf('\n');
    if (newline >= 0) return { message: 'has a quote that is not closed on its line', end: at + newline };
    if (end - format.start > format.maxLength) {
      return { message: `has a quote that is not closed within ${format.maxLength} characters`, end };
    }
    if (quote < 0) return ended ? { message: 'has a quote that is not closed', end } : 'more';
    if (text[quote + 1] === '"') {
      at = quote + 2;
      continue;
    }
    const after = afterBlanks(text, quote + 1);
    const next = text[after];
    if (next === undefined && !ended) return 'more';
    if (next !== undefined && next !== '\n' && next !== format.separator) {
      return { message: 'has a quote in the middle of a quoted field: write it twice', end: quote };
    }
    const raw = text.slice(start + 1, quote);
    return { value: raw.replaceAll('""', '"'), end: after, lines: raw.split('\n').length - 1 };
  }
}

/** Files that were written by hand have blanks around quoted fields; joined files have a byte order mark before one. */
function afterBlanks(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\ufeff') at++;
  return at;
}

function endOfField(text: string, start: number, separator: string): number {
  let at = start;
  while (at < text.length && text[at] !== separator && text[at] !== '\n') at++;
  return at;
}
