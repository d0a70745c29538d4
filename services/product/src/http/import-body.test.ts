import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { textOf } from './import-body.ts';

it('lets other work go on between the pieces of a file, with any rows', async () => {
  const file = Buffer.from('one,V1,T,1200,EUR\n'.repeat(30_000));
  let turns = 0;
  let isOver = false;
  const others = (async () => {
    while (!isOver) {
      await new Promise((resolve) => setImmediate(resolve));
      turns++;
    }
  })();
  let length = 0;
  let turnsMeanwhile = 0;
  for await (const text of textOf({ stream: Readable.from([file]), contentType: 'text/csv', contentEncoding: '' })) {
    length += text.length;
    // Reading the rows takes time, and does not wait for anything.
    for (const start = performance.now(); performance.now() - start < 1; );
    turnsMeanwhile = turns;
  }
  isOver = true;
  await others;
  expect(length).toBe(file.length);
  expect(turnsMeanwhile).toBeGreaterThan(5);
});
