import { ProblemError } from '@tradepost/contracts/problem-error';
import { type CsvFormat, type ParsedRecord, parseRecord } from './csv-parser.ts';
import type { TextChunks } from './import-body.ts';

/** A record of a CSV file, or why it cannot be read; with the number of the line on which it begins, from 1. */
export type CsvRecord = { line: number } & ({ fields: string[] } | { message: string });

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
  async #quotedRecord(format: CsvFormat): Promise<Extract<ParsedRecord, { end: number }>> {
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
