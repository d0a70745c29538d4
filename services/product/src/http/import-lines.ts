import type { TextChunks } from './import-body.ts';

/** A line of text with its number, from 1; undefined in place of one that is too long to be looked at. */
export type Line = { number: number; text: string | undefined };

/**
 * Divides text into lines, however long it is and however it is cut into chunks. Of a line that is longer than `maxLength`
 * nothing is kept. Throws when the stream breaks off.
 */
export async function* linesOf(chunks: TextChunks, maxLength: number): AsyncGenerator<Line> {
  let number = 0;
  let parts: string[] = [];
  let size = 0;
  const add = (part: string) => {
    size += part.length;
    if (size > maxLength) parts = [];
    else if (part !== '') parts.push(part);
  };
  const take = (): Line => {
    const text = size > maxLength ? undefined : parts.join('');
    parts = [];
    size = 0;
    number++;
    return { number, text };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      add(chunk.slice(start, end));
      yield take();
      start = end + 1;
    }
    add(chunk.slice(start));
  }
  if (size > 0) yield take();
}
