import type { Readable } from 'node:stream';

/** A line of text with its number, from 1; undefined in place of one that is too long to be looked at. */
export type Line = { number: number; text: string | undefined };

const NEWLINE = 0x0a;

/**
 * Divides a stream into lines, however long it is and however it is cut into chunks. Of a line that is longer than
 * `maxBytes` nothing is kept. Throws when the stream breaks off.
 */
export async function* linesOf(stream: Readable, maxBytes: number): AsyncGenerator<Line> {
  let number = 0;
  let parts: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer) => {
    size += part.length;
    if (size > maxBytes) parts = [];
    else parts.push(part);
  };
  const take = (): Line => {
    const text = size > maxBytes ? undefined : Buffer.concat(parts).toString('utf8').replace(/\r$/, '');
    parts = [];
    size = 0;
    number++;
    return { number, text };
  };
  for await (const chunk of stream) {
    // as: a request without an encoding gives buffers.
    const bytes = chunk as Buffer;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      add(bytes.subarray(start, end));
      yield take();
      start = end + 1;
    }
    add(bytes.subarray(start));
  }
  if (size > 0) yield take();
}
