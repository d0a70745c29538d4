import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FolderInUse, removePostgres } from '@tradepost/postgres/embedded';
import { lockFolder } from '@tradepost/postgres/folder-lock';
import { StartFailure } from './failure.ts';

/** Marks a folder as ours, so that no other folder is ever emptied by mistake. */
const MARK = 'tradepost-data.json';
const RUNNING = 'running.json';
const DONE = '.done';
/** The layout of the folder; a higher number is one that this version does not know. */
const LAYOUT = 1;

export type DataFolder = {
  path: string;
  postgres: string;
  /** Served at `/media/`. */
  media: string;
  logs: string;
  secrets: string;
  /** The file of the password of the demo accounts. */
  demoPassword: string;
  /** Tells whoever tries to start a second copy where the first one is. */
  announce(url: string): Promise<void>;
  /** Whether something that is done once has been done. */
  isDone(what: string): Promise<boolean>;
  /** Notes that it has been done, and is on disk. */
  markDone(what: string): Promise<void>;
  /** Gives it up to whoever comes next. */
  release(): Promise<void>;
};

/**
 * Takes the data folder for this process alone, and makes or empties it if need be. Refuses a folder with other things
 * in it, and one that another running copy has, which it names.
 */
export async function openDataFolder(path: string, o: { fresh: boolean }): Promise<DataFolder> {
  await claim(path);
  const lock = await take(path);
  try {
    if (o.fresh) await empty(path);
    await writeFile(join(path, MARK), `${JSON.stringify({ layout: LAYOUT })}\n`);
    await announce(path, undefined);
  } catch (err) {
    lock.release();
    throw err;
  }
  const done = (what: string) => join(path, `${what}${DONE}`);
  return {
    path,
    postgres: join(path, 'postgres'),
    media: join(path, 'media'),
    logs: join(path, 'logs'),
    secrets: join(path, 'secrets.json'),
    demoPassword: join(path, 'demo-password'),
    announce: (url) => announce(path, url),
    isDone: (what) => exists(done(what)),
    markDone: (what) => writeWhole(done(what), `${new Date().toISOString()}\n`),
    release: async () => {
      await rm(join(path, RUNNING), { force: true });
      lock.release();
    },
  };
}

/** Makes sure that the folder is there and ours. */
async function claim(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    const names = await readdir(path);
    if (names.length === 0) return;
    if (!names.includes(MARK)) {
      throw new StartFailure(
        `${path} has other things in it, and is left alone. Name a new folder: TRADEPOST_DATA=.tradepost npm start`,
      );
    }
  } catch (err) {
    if (err instanceof StartFailure) throw err;
    throw new StartFailure(`${path} cannot be used as the data folder`, { cause: err });
  }
  const layout = await readLayout(path);
  if (layout > LAYOUT) {
    throw new StartFailure(`${path} was written by a newer Tradepost. Use that, or start afresh: npm start -- --fresh`);
  }
}

async function readLayout(path: string): Promise<number> {
  const mark = await readJson(join(path, MARK));
  return typeof mark?.layout === 'number' ? mark.layout : 0;
}

async function take(path: string): Promise<{ release(): void }> {
  try {
    return await lockFolder(path);
  } catch (err) {
    if (!(err instanceof FolderInUse)) throw err;
    const running = await readJson(join(path, RUNNING));
    const where = typeof running?.url === 'string' ? ` at ${running.url}` : '';
    throw new StartFailure(
      `Tradepost is already running on ${path}${where} (process ${running?.pid ?? 'unknown'}).\n` +
        'Stop it, or run another one beside it: TRADEPOST_DATA=.tradepost-2 PORT=8081 npm start',
    );
  }
}

/** Removes everything but the lock, which stays held meanwhile, and the mark: what is cut off can be begun again. */
async function empty(path: string): Promise<void> {
  // First of all, so that a half-emptied folder is not taken for one that is complete.
  for (const name of await readdir(path)) if (name.endsWith(DONE)) await rm(join(path, name));
  await removePostgres(join(path, 'postgres'));
  for (const name of await readdir(path)) {
    if (name.startsWith('owner.') || name === MARK) continue;
    await rm(join(path, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

function announce(path: string, url: string | undefined): Promise<void> {
  return writeWhole(join(path, RUNNING), `${JSON.stringify({ pid: process.pid, url })}\n`);
}

/** Writes a file so that a reader finds all of it or none. */
export async function writeWhole(file: string, text: string | Uint8Array, mode = 0o644): Promise<void> {
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}`);
  await writeFile(draft, text, { mode, flush: true });
  await rename(draft, file);
}

export async function readJson(file: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    // Missing, or cut off by a crash: as good as none to every reader of these.
    return undefined;
  }
}

function exists(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}
