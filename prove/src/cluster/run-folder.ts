import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removePostgres } from '@tradepost/postgres/embedded';
import { serviceNames } from '@tradepost/testing/deployment';

const PREFIX = 'tradepost-prove-';
/** Holds the id of the process whose run it is; not there in a folder that was kept on purpose. */
const OWNER = 'owner.pid';

/** A folder for everything that one run leaves on disk. */
export type RunFolder = {
  path: string;
  /** Leaves it for whoever looks into it. */
  keep(): Promise<void>;
  remove(): Promise<void>;
};

/** Makes a folder for this run, after removing those of runs that were killed, along with the servers that they left. */
export async function makeRunFolder(): Promise<RunFolder> {
  for (const name of await readdir(tmpdir())) {
    if (name.startsWith(PREFIX)) await removeIfAbandoned(path.join(tmpdir(), name));
  }
  const folder = await mkdtemp(path.join(tmpdir(), PREFIX));
  // For root, PostgreSQL runs as another user, who has to pass.
  await chmod(folder, 0o711);
  await writeFile(path.join(folder, OWNER), String(process.pid));
  return {
    path: folder,
    keep: () => rm(path.join(folder, OWNER), { force: true }),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10 }),
  };
}

/** The data of a service's database in the folder of a run. */
export const databaseFolder = (folder: string, service: string): string => path.join(folder, 'postgres', service);

async function removeIfAbandoned(folder: string): Promise<void> {
  const owner = Number(await readFile(path.join(folder, OWNER), 'utf8').catch(() => ''));
  if (!owner || isAlive(owner)) return;
  for (const service of serviceNames) await removePostgres(databaseFolder(folder, service));
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
