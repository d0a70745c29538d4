import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvReader } from './csv-records.ts';

async function* cut(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}
/** With line breaks allowed in the last of three fields. */
const read = (text: string, { size = 7, maxLength = 200 } = {}) =>
  Array.fromAsync(
    new CsvReader(cut(text, size), maxLength).records({
      separator: ',',
      maxLength,
      mayHaveLines: (place) => place === 2,
    }),
  );

const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;

describe('the records of a CSV file', () => {
  it('are read as they were written, however the file is cut', async () => {
    const unit = fc.constantFrom('a', '"', ',', ' ', 'é', '😀');
    const line = fc.string({ unit, maxLength: 8 });
    const lines = fc.string({ unit: fc.oneof(unit, fc.constant('\n')), maxLength: 12 });
    const record = fc.tuple(line, line, lines);
    await fc.assert(
      fc.asyncProperty(fc.array(record), fc.integer({ min: 1, max: 30 }), async (records, size) => {
        const text = records.map((fields) => `${fields.map(quoted).join(',')}\n`).join('');
        let at = 1;
        const expected = records.map((fields) => {
          const line = at;
          at += fields[2].split('\n').length;
          return { line, fields };
        });
        expect(await read(text, { size })).toEqual(expected);
      }),
    );
  });

  it('survive a record that is not well-formed, wherever it is', async () => {
    const bad = fc.constantFrom(
      '"Mug" big,1,x',
      'a,"Mug,1',
      'a,b,"not closed',
      '"',
      'a,"b""',
      '"a,b,c',
      'x'.repeat(300),
      `a,b,"${'x'.repeat(300)}`,
    );
    const good = fc.integer({ min: 0, max: 99 }).map((n) => `good,${n},"text ${n}"`);
    await fc.assert(
      fc.asyncProperty(fc.array(good, { minLength: 3, maxLength: 8 }), bad, fc.nat(), async (goods, wrong, place) => {
        const at = place % goods.length;
        const records = await read([...goods.slice(0, at), wrong, ...goods.slice(at)].join('\n'));
        expect(records).toHaveLength(goods.length + 1);
        expect(records.filter((record) => 'message' in record).map(({ line }) => line)).toEqual([at + 1]);
      }),
    );
  });

  it('are read in memory that does not grow with the file', async () => {
    async function* endless(piece: string) {
      for (let n = 0; n < 5_000; n++) yield piece;
    }
    for (const piece of ['x'.repeat(10_000), `"${'x'.repeat(10_000)}`, '"",'.repeat(3_000), 'a,b,"'.repeat(2_000)]) {
      const before = process.memoryUsage().heapUsed;
      let most = 0;
      const reader = new CsvReader(endless(piece), 10_000);
      const format = { separator: ',', maxLength: 10_000, mayHaveLines: () => true };
      for await (const _ of reader.records(format)) most = Math.max(most, process.memoryUsage().heapUsed - before);
      expect(most).toBeLessThan(48 * 1024 * 1024);
    }
  });
});
