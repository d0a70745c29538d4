import { constants } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** A mail of a Maildir that nobody has looked at. */
export type MaildirEntry = {
  name: string;
  read(maxBytes: number): Promise<Buffer>;
  remove(): Promise<void>;
  flag(): Promise<void>;
};

/**
 * The mails in `new/` of a Maildir, in the order of their names, which begin with a time; at most `limit`. A mail server writes each in `tmp/`
 * and then moves it, so what is here is complete. `flag` moves it to `cur/` as one that somebody is to look at. What another instance has
 * taken meanwhile is no error. Source: https://cr.yp.to/proto/maildir.html
 */
export async function newMails(directory: string, limit: number): Promise<MaildirEntry[]> {
  const names = (await readdir(path.join(directory, 'new'))).filter((name) => !name.startsWith('.')).sort();
  return names.slice(0, limit).map((name) => {
    const file = path.join(directory, 'new', name);
    return {
      name,
      read: (maxBytes) => readFile(file, maxBytes),
      remove: () => rm(file, { force: true }),
      flag: () => rename(file, path.join(directory, 'cur', `${name}:2,F`)).catch(ignoreMissing),
    };
  });
}

/** Reads a plain file, and no link to another one. At most one byte more than `maxBytes` is read. */
async function readFile(file: string, maxBytes: number): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw new Error('It is not a file');
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
    }
  } finally {
    await handle.close();
  }
}

export const isMissing = (err: unknown): boolean => err instanceof Error && 'code' in err && err.code === 'ENOENT';

function ignoreMissing(err: unknown): void {
  if (!isMissing(err)) throw err;
}
