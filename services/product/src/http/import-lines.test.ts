import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from './import-lines.ts';

async function read(chunks: Buffer[], maxBytes = 1000) {
  return Array.fromAsync(linesOf(Readable.from(chunks), maxBytes));
}

describe('lines', () => {
  it('are the same however the stream is cut', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll(/[\r\n]/g, ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), fc.integer({ min: 1, max: 9 }), async (lines, size) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
          bytes.subarray(n * size, (n + 1) * size),
        );
        expect(await read(chunks)).toEqual(lines.map((text, n) => ({ number: n + 1, text })));
      }),
    );
  });

  it('may end without a newline, and with a carriage return', async () => {
    expect(await read([Buffer.from('a\r\nb')])).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: 'b' },
    ]);
    expect(await read([])).toEqual([]);
  });

  it('are given up when they are too long, however many chunks they are', async () => {
    const long = Array.from({ length: 50 }, () => Buffer.from('x'.repeat(10)));
    const lines = await read([Buffer.from('a\n'), ...long, Buffer.from('\nb\n')], 100);
    expect(lines).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: undefined },
      { number: 3, text: 'b' },
    ]);
  });
});
