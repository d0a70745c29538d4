import { ProblemError } from '@tradepost/contracts/problem-error';

export const isGzip = (head: Buffer): boolean => startsWith(head, [0x1f, 0x8b]);

/** What other files begin with. Sources: RFC 8878, RFC 1952, https://tukaani.org/xz/xz-file-format.txt, https://www.sourceware.org/bzip2/ */
const OTHER_FILES: readonly [what: string, start: readonly number[]][] = [
  ['compressed by Zstandard', [0x28, 0xb5, 0x2f, 0xfd]],
  ['compressed by xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['compressed by bzip2', [0x42, 0x5a, 0x68]],
  ['a 7z archive', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['a RAR archive', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['compressed twice', [0x1f, 0x8b]],
];

/** Refuses an Excel workbook, a ZIP archive and other files that are no text with `unsupported_media_type`. */
export function assertNotArchive(head: Buffer): void {
  const other = OTHER_FILES.find(([, start]) => startsWith(head, start));
  if (other !== undefined) {
    throw new ProblemError(
      'unsupported_media_type',
      `The file is ${other[0]}, which is not read here. Send the text itself, or compressed once by gzip`,
    );
  }
  const isZip = startsWith(head, [0x50, 0x4b, 0x03, 0x04]) || startsWith(head, [0x50, 0x4b, 0x05, 0x06]);
  if (!isZip && !startsWith(head, [0xd0, 0xcf, 0x11, 0xe0])) return;
  throw new ProblemError(
    'unsupported_media_type',
    'The file is an Excel workbook or a ZIP archive, which is not read here. Save the table as CSV (UTF-8) and send that',
  );
}

/** The charset by the byte order mark; without one, UTF-16 is known by the zero in every second byte. */
export function charsetOf(head: Buffer): string | undefined {
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return 'utf-8';
  if (startsWith(head, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(head, [0xfe, 0xff])) return 'utf-16be';
  if (head.length < 4) return undefined;
  const zeros = [0, 1, 2, 3].map((at) => head[at] === 0);
  if (!zeros[0] && zeros[1] && !zeros[2] && zeros[3]) return 'utf-16le';
  return zeros[0] && !zeros[1] && zeros[2] && !zeros[3] ? 'utf-16be' : undefined;
}

const startsWith = (bytes: Buffer, start: readonly number[]): boolean => start.every((byte, at) => bytes[at] === byte);
