import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

/** Where the services write what they have to say, so that the terminal stays readable. */
export type LogFile = {
  path: string;
  write(line: string): void;
  /** Resolves once everything is written. */
  close(): Promise<void>;
};

/** Appends to the log of the day on which it is opened. */
export async function openLogFile(folder: string): Promise<LogFile> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${new Date().toISOString().slice(0, 10)}.log`);
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  // A full disk must not take the shop down with its log.
  stream.on('error', () => {});
  return {
    path,
    write: (line) => {
      stream.write(line);
    },
    close: async () => {
      stream.end();
      await finished(stream).catch(() => {});
    },
  };
}
