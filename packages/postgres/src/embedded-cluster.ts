import { randomBytes } from 'node:crypto';
import { chown, lchown, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { chooseLauncher, findPrograms, type Launcher, type Programs, runProgram } from './embedded-programs.ts';

/** A data folder and what it takes to run it. */
export type Cluster = { data: string; password: string; programs: Programs; launcher: Launcher; logFile: string };

/** The superuser's name. */
export const SUPERUSER = 'postgres';
const STAGING = 'initdb-';
const PASSWORD = 'password';

/**
 * Opens the cluster in `directory`, which the caller holds the lock of, and makes one if there is none. A new one is made
 * in a folder beside its place and moved there when it is complete, so one that was interrupted is never mistaken
 * for a whole one. `durable: false` leaves out the flush to disk.
 */
export async function openCluster(directory: string, durable: boolean, log: Logger): Promise<Cluster> {
  await removeLeftovers(directory);
  const kept = await findCluster(directory);
  if (kept) {
    if (kept.password === '') {
      throw new Error(`${directory} holds a database, but its password file is gone: restore it, or start afresh`);
    }
    await checkExisting(kept);
    return kept;
  }
  const cluster = await describe(directory, await makePassword(directory));
  await initialise(directory, cluster, durable, log);
  return cluster;
}

/** The cluster in `directory`, or undefined if there is none. The caller holds the lock of the folder. */
export async function findCluster(directory: string): Promise<Cluster | undefined> {
  if (!(await isThere(join(directory, 'data')))) return undefined;
  const password = await readFile(join(directory, PASSWORD), 'utf8').catch(() => '');
  return describe(directory, password.trim());
}

async function describe(directory: string, password: string): Promise<Cluster> {
  const data = join(directory, 'data');
  const programs = await findPrograms();
  const launcher = await chooseLauncher(programs, directory, data);
  return { data, password, programs, launcher, logFile: join(directory, 'postgres.log') };
}

async function makePassword(directory: string): Promise<string> {
  const path = join(directory, PASSWORD);
  const password = randomBytes(24).toString('hex');
  const file = await open(path, 'w', 0o600);
  await file.writeFile(`${password}\n`);
  await file.sync();
  await file.close();
  return password;
}

async function initialise(directory: string, cluster: Cluster, durable: boolean, log: Logger): Promise<void> {
  const { programs, launcher } = cluster;
  log.info({ directory }, 'initialising PostgreSQL');
  const staging = await mkdtemp(join(directory, STAGING));
  const passwordFile = join(staging, 'password');
  await writeFile(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  if (launcher.owner) await chownTree(staging, launcher.owner);
  const data = join(staging, 'data');
  await runProgram(
    launcher.launch(programs.initdb, [
      `--pgdata=${data}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Unicode rules that are the same on every platform and in every version, sorted by code point.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--data-checksums',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ]),
  );
  await rename(data, cluster.data);
  await rm(staging, { recursive: true, force: true });
}

/** What an interrupted initdb has left; it may still be writing there, and fails once its files are gone. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.startsWith(STAGING)) await rm(join(directory, name), { recursive: true, force: true, maxRetries: 10 });
  }
}

async function checkExisting({ data, programs, launcher }: Cluster): Promise<void> {
  if (launcher.owner && (await stat(data)).uid !== launcher.owner.uid) await chownTree(data, launcher.owner);
  const made = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  const [, major] = /(\d+)/.exec(await runProgram(launcher.launch(programs.postgres, ['--version']))) ?? [];
  if (made !== major) throw new Error(`${data} was made by PostgreSQL ${made} and cannot be opened by ${major}`);
}

async function chownTree(path: string, owner: { uid: number; gid: number }): Promise<void> {
  await chown(path, owner.uid, owner.gid);
  for (const entry of await readdir(path, { recursive: true })) await lchown(join(path, entry), owner.uid, owner.gid);
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Makes the folder for a cluster, with what leads to it. */
export async function makeFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
}
