import { ProblemError } from '@tradepost/contracts/problem-error';

export const isGzip = (head: Buffer): boolean => startsWith(head, [0x1f, 0x8b]);

/** Refuses an Excel workbook and a ZIP archive with `unsupported_media_type`. */
export function assertNotArchive(head: Buffer): void {
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
