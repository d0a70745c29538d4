import { ProblemError } from '@tradepost/contracts/problem-error';
import type { TextChunks } from './import-body.ts';

/** A record of a CSV file, or why it cannot be read; with the number of the line on which it begins, from 1. */
export type CsvRecord = { line: number } & ({ fields: string[] } | { message: string });

export type CsvFormat = {
  separator: string;
  /** Whether the field at this place may have line breaks inside quotes. */
  mayHaveLines: (place: number) => boolean;
  /** Characters of one record. */
  maxLength: number;
};

/** Characters that may be read again after wrong quotes, beside as many as the file has: more is a file of nothing else. */
const MAX_REREAD = 16 * 1024 * 1024;

/**
 * Reads the records of a CSV file (RFC 4180) in constant memory. Own code, since no library at hand goes on after a wrong
 * quote: there, a quote that is not closed takes all rows up to the next quote with it. Here a record that is not
 * well-formed costs its first line only, and reading goes on at the next one. Line breaks are read only in columns that
 * may have them, so that a quote that is not closed shows at the end of its line. Empty lines are passed over.
 */
export class CsvReader {
  readonly #chunks: AsyncIterator<string>;
  readonly #maxLength: number;
  #text = '';
  #at = 0;
  #line = 1;
  #ended = false;
  #read = 0;
  #reread = 0;

  constructor(chunks: TextChunks, maxLength: number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#maxLength = maxLength;
  }

  /** The next line that is not empty, quotes and all; undefined at the end, or if it is too long. */
  async line(): Promise<{ line: number; text: string } | undefined> {
    for (;;) {
      const end = await this.#endOfLine();
      const text = end === undefined ? '' : this.#text.slice(this.#at, end);
      const line = this.#line;
      if (end === undefined || end - this.#at > this.#maxLength) return undefined;
      this.#moveTo(end + 1, 1);
      if (text.trim() !== '') return { line, text };
      if (this.#ended && this.#at >= this.#text.length) return undefined;
    }
  }

  async *records(format: CsvFormat): AsyncGenerator<CsvRecord> {
    for (;;) {
      const end = await this.#endOfLine();
      if (end === undefined) return;
      const line = this.#line;
      if (end - this.#at > this.#maxLength) {
        await this.#skipLine();
        yield { line, message: `must be no longer than ${this.#maxLength} characters` };
        continue;
      }
      const text = this.#text.slice(this.#at, end);
      if (!text.includes('"')) {
        this.#moveTo(end + 1, 1);
        if (text !== '') yield { line, fields: text.split(format.separator) };
        continue;
      }
      const record = await this.#quotedRecord(format);
      if ('fields' in record) {
        this.#moveTo(record.end, record.lines);
        yield { line, fields: record.fields };
      } else {
        this.#countReread(record.end - end, line);
        this.#moveTo(end + 1, 1);
        yield { line, message: record.message };
      }
    }
  }

  /** Parses at the present place; asks for more text only when there is twice as much to look at, so that the time stays linear. */
  async #quotedRecord(format: CsvFormat): Promise<Extract<Parsed, { end: number }>> {
    for (;;) {
      const parsed = parseRecord(this.#text, this.#at, this.#ended, format);
      if (parsed !== 'more') return parsed;
      await this.#fill(2 * (this.#text.length - this.#at));
    }
  }

  /** Where the present line ends, or how far the text reaches if it is too long; undefined at the end of the file. */
  async #endOfLine(): Promise<number | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n', this.#at);
      if (end >= 0) return end;
      const length = this.#text.length - this.#at;
      if (this.#ended) return length > 0 ? this.#text.length : undefined;
      if (length > this.#maxLength) return this.#text.length;
      await this.#fill(2 * length);
    }
  }

  async #skipLine(): Promise<void> {
    for (let end = this.#text.indexOf('\n', this.#at); end < 0; end = this.#text.indexOf('\n', this.#at)) {
      this.#at = this.#text.length;
      if (this.#ended) return;
      await this.#fill(1);
    }
    this.#moveTo(this.#text.indexOf('\n', this.#at) + 1, 1);
  }

  #moveTo(at: number, lines: number): void {
    this.#at = Math.min(at, this.#text.length);
    this.#line += lines;
  }

  /** Reads on until there is this much text to look at. */
  async #fill(length: number): Promise<void> {
    const parts = [this.#text.slice(this.#at)];
    let size = parts[0]?.length ?? 0;
    const wanted = Math.max(length, size + 1);
    while (!this.#ended && size < wanted) {
      const { done, value } = await this.#chunks.next();
      if (done) this.#ended = true;
      else {
        parts.push(value);
        size += value.length;
        this.#read += value.length;
      }
    }
    this.#text = parts.join('');
    this.#at = 0;
  }

  #countReread(characters: number, line: number): void {
    this.#reread += Math.max(0, characters);
    if (this.#reread <= MAX_REREAD + this.#read) return;
    throw new ProblemError(
      'malformed_request',
      `The quotes of the file cannot be read, line ${line} for one; the rows before have been imported`,
    );
  }
}

type Parsed = 'more' | { fields: string[]; end: number; lines: number } | { message: string; end: number };

function parseRecord(text: string, start: number, ended: boolean, format: CsvFormat): Parsed {
  const fields: string[] = [];
  let at = start;
  let lines = 1;
  for (;;) {
    if (text[at] === '"') {
      const field = parseQuoted(text, at, ended, { ...format, start, place: fields.length });
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
    const next = text[quote + 1];
    if (next === undefined && !ended) return 'more';
    if (next === '"') {
      at = quote + 2;
      continue;
    }
    if (next !== undefined && next !== '\n' && next !== format.separator) {
      return { message: 'has a quote in the middle of a quoted field: write it twice', end: quote };
    }
    const raw = text.slice(start + 1, quote);
    return { value: raw.replaceAll('""', '"'), end: quote + 1, lines: raw.split('\n').length - 1 };
  }
}

function endOfField(text: string, start: number, separator: string): number {
  let at = start;
  while (at < text.length && text[at] !== separator && text[at] !== '\n') at++;
  return at;
}
