import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A folder that a living process holds. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
}

/** SQLite's result code for a lock that somebody else has. Source: https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

/**
 * Takes a folder for this process alone. The lock is the operating system's, by way of SQLite, which is the only one
 * that comes with Node: it ends with the process however that ends, so there is no stale lock to reason about.
 * Throws `FolderInUse`, naming the process, if another has it (or another part of this one).
 */
export async function lockFolder(directory: string): Promise<{ release(): void }> {
  const owner = join(directory, 'owner.pid');
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(directory, 'owner.lock'), { timeout: 0 });
    lock.exec('begin exclusive');
  } catch (err) {
    lock?.close();
    if (!(err instanceof Error && 'errcode' in err && err.errcode === SQLITE_BUSY)) {
      throw new Error(`${directory} cannot be written by this user: run as the user whose it is`, { cause: err });
    }
    const pid = await readFile(owner, 'utf8').catch(() => '');
    throw new FolderInUse(`${directory} is in use by another process${pid && `, with the id ${pid.trim()}`}`);
  }
  await writeFile(owner, `${process.pid}\n`);
  const held = lock;
  return { release: () => held.close() };
}
