import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { createPace } from '../actions/pace.ts';
import { assertNotArchive, charsetOf, isGzip } from './file-signature.ts';

/** The text of an uploaded file, piece by piece, with `\n` at the end of every line. */
export type TextChunks = AsyncIterable<string>;

export type ImportBody = { stream: Readable; contentType: string; contentEncoding: string };

/** Bytes of a file after it is uncompressed, and how many times as large as before: a small body must not become endless. */
const MAX_UNCOMPRESSED = 1024 * 1024 * 1024;
const MAX_RATIO = 200;
/** Until then the ratio says little. */
const RATIO_FROM = 8 * 1024 * 1024;
/** Bytes that are decoded at a time, so that each piece is a small part of the memory and of the time. */
const PIECE = 16 * 1024;
/**
 * Bytes that are read before a pause of `PAUSE_MS`, so at most 16 MiB in a second, more than rows can be stored. Without the
 * pause, a file without rows, such as one endless line, comes as fast as the client sends it, and the gateway, which passes it
 * on, is late for everybody else.
 */
const BYTES_PER_PAUSE = 128 * 1024;
const PAUSE_MS = 8;

/**
 * Reads an uploaded file as text. Gzip is uncompressed, declared or not. The charset is that of the byte order mark, else the
 * declared one, else UTF-8. Bytes that are not of the charset become U+FFFD, which the reader of the rows refuses. An Excel
 * workbook, an archive or the like is refused with `unsupported_media_type`, an unknown charset too.
 */
export async function* textOf(body: ImportBody): TextChunks {
  const declared = /;\s*charset="?([^";]+)"?/i.exec(body.contentType)?.[1]?.trim();
  let bytes = peeked(await peek(body.stream));
  if (body.contentEncoding === 'gzip' || isGzip(bytes.head)) {
    bytes = peeked(await peek(uncompressed(bytes)));
  }
  assertNotArchive(bytes.head);
  const decoder = decoderOf(charsetOf(bytes.head) ?? declared ?? 'utf-8');
  // The first half of a line break may be at the end of a piece.
  let held = '';
  // Rows that lead to nothing, such as those of a product with too many variants, are read without another pause.
  const pace = createPace();
  let unpaused = 0;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += PIECE) {
      await pace();
      unpaused += Math.min(PIECE, chunk.length - at);
      if (unpaused > BYTES_PER_PAUSE) {
        await sleep(PAUSE_MS);
        unpaused = 0;
      }
      const text = held + decoder.decode(chunk.subarray(at, at + PIECE), { stream: true });
      held = text.endsWith('\r') ? '\r' : '';
      yield text.slice(0, text.length - held.length).replace(/\r\n?/g, '\n');
    }
  }
  yield (held + decoder.decode()).replace(/\r\n?/g, '\n');
}

type FileStart = { head: Buffer; rest: AsyncIterator<Buffer> };

/** Reads until there are bytes enough to know the kind of the file. */
async function peek(source: AsyncIterable<Buffer>): Promise<FileStart> {
  const rest = source[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 8) {
    const { done, value } = await rest.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return { head, rest };
}

function peeked({ head, rest }: FileStart): AsyncIterable<Buffer> & { head: Buffer } {
  return {
    head,
    async *[Symbol.asyncIterator]() {
      yield head;
      for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
    },
  };
}

/** What is compressed, with a bound on what it becomes. */
async function* uncompressed(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let compressed = 0;
  let size = 0;
  const counted = Readable.from(
    (async function* () {
      for await (const chunk of source) {
        compressed += chunk.length;
        yield chunk;
      }
    })(),
    { highWaterMark: 1 },
  );
  const gunzip = createGunzip({ chunkSize: PIECE });
  counted.on('error', (error) => gunzip.destroy(error));
  counted.pipe(gunzip);
  try {
    for await (const chunk of gunzip) {
      // as: a gunzip without an encoding gives buffers.
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > MAX_UNCOMPRESSED || (size > RATIO_FROM && size > compressed * MAX_RATIO)) {
        throw new ProblemError(
          'too_large',
          'The file is too large once it is uncompressed; the rows before have been imported',
        );
      }
      yield bytes;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw new ProblemError('malformed_request', 'The gzip data is damaged; the rows before have been imported', {
        cause: error,
      });
    }
    throw error;
  } finally {
    counted.destroy();
    gunzip.destroy();
  }
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch (cause) {
    throw new ProblemError(
      'unsupported_media_type',
      `The charset “${charset.slice(0, 40)}” is not known; send the file as UTF-8`,
      {
        cause,
      },
    );
  }
}
