import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from './import-lines.ts';

async function* chunksOf(chunks: readonly string[]) {
  yield* chunks;
}
const read = (chunks: readonly string[], maxLength = 1000) => Array.fromAsync(linesOf(chunksOf(chunks), maxLength));

describe('lines', () => {
  it('are the same however the stream is cut', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\n', ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), fc.integer({ min: 1, max: 9 }), async (lines, size) => {
        const text = lines.map((one) => `${one}\n`).join('');
        const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
          text.slice(n * size, (n + 1) * size),
        );
        expect(await read(chunks)).toEqual(lines.map((one, n) => ({ number: n + 1, text: one })));
      }),
    );
  });

  it('may end without a newline', async () => {
    expect(await read(['a\nb'])).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: 'b' },
    ]);
    expect(await read([])).toEqual([]);
  });

  it('are refused when they are too long, in any number of chunks', async () => {
    const long = Array.from({ length: 50 }, () => 'x'.repeat(10));
    expect(await read(['a\n', ...long, '\nb\n'], 100)).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: undefined },
      { number: 3, text: 'b' },
    ]);
  });
});
