import { execFile } from 'node:child_process';
import { readFile, readlink, realpath, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What a running server writes of itself into its data folder. */
export type Postmaster = { pid: number; port: number; status: 'starting' | 'ready' | 'stopping' | 'standby' | '' };

/** No process has it: Linux ends at 2^22, others earlier. */
const NOBODYS_PID = 2_147_483_647;

/**
 * The contents of `postmaster.pid`, or undefined if there is none.
 * Source: src/include/utils/pidfile.h (line 1 the process id, 4 the port, 8 the status).
 */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch((err: NodeJS.ErrnoException) => {
    if (err.code === 'ENOENT') return '';
    throw err;
  });
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const status = (lines[7] ?? '').trim();
  const known = status === 'starting' || status === 'ready' || status === 'stopping' || status === 'standby';
  return { pid, port: Number(lines[3] ?? 0), status: known ? status : '' };
}

/** True if the process is there and is the server of this very folder, not one that was later given the same id. */
export async function isServing(pid: number, data: string): Promise<boolean> {
  if (pid === NOBODYS_PID) return false;
  if (platform() === 'linux') {
    // A server's working directory is its data folder; a zombie has none.
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    return cwd === (await realpath(data));
  }
  if (platform() === 'win32') return isAlive(pid);
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.includes(data);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes PostgreSQL see that a `postmaster.pid` is stale although its process id is in use again by something else. The
 * rest of the file stays: by it the new server makes sure that no backend of the old one is left.
 */
export async function disownPidFile(data: string): Promise<void> {
  const path = join(data, 'postmaster.pid');
  const [, ...rest] = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, [NOBODYS_PID, ...rest].join('\n'));
}
