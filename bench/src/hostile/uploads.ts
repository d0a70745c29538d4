import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

/** An upload of about `bytes` bytes, made as it is sent. */
export type Upload = { name: string; contentType: string; encoding?: 'gzip'; body: (bytes: number) => Readable };

const HEADER = 'sku,title,price,currency,description\n';

/** Repeats `part` after `start` until there are so many bytes, in pieces of about 64 KiB. */
function* repeated(start: string, part: (n: number) => string, bytes: number): Generator<Buffer> {
  yield Buffer.from(start);
  let piece = '';
  for (let n = 0, sent = start.length; sent < bytes; n++) {
    piece += part(n);
    if (piece.length < 65_536) continue;
    sent += piece.length;
    yield Buffer.from(piece);
    piece = '';
  }
  yield Buffer.from(piece);
}

const csv = (name: string, start: string, part: (n: number) => string): Upload => ({
  ...{ name, contentType: 'text/csv' },
  body: (bytes) => Readable.from(repeated(start, part, bytes)),
});

/** Files that an import must read in constant memory. */
export const uploads: readonly Upload[] = [
  csv('good rows', HEADER, (n) => `H${n},A title of row ${n},1200,EUR,${'words '.repeat(400)}\n`),
  csv('rows without a title', HEADER, (n) => `B${n},,1200,EUR,\n`),
  csv('variants of one product', 'product,sku,title,price,currency,description\n', (n) => `one,V${n},T,1200,EUR,\n`),
  csv('one endless line', HEADER, () => 'a'.repeat(1000)),
  csv('one endless quoted field', `${HEADER}Q1,T,1200,EUR,"`, () => 'quoted text\n'),
  csv('wrong quotes', HEADER, (n) => `W${n},"Mug" big,1200,EUR,\n`),
  {
    ...{ name: 'JSON lines that are no JSON', contentType: 'application/x-ndjson' },
    body: (bytes) => Readable.from(repeated('', () => '{"sku": nonsense}\n', bytes)),
  },
  {
    ...{ name: 'gzip of zeros', contentType: 'text/csv', encoding: 'gzip' },
    body: (bytes) => Readable.from(repeated(HEADER, () => '\0'.repeat(1000), bytes * 30)).pipe(createGzip()),
  },
];
