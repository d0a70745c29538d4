import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Cluster } from './embedded-cluster.ts';
import { runProgram } from './embedded-programs.ts';
import { disownPidFile, isServing, readPostmaster } from './postmaster.ts';

/** The loopback address, the only one that an embedded server listens on. */
export const HOST = '127.0.0.1';

/** A server that answers. `child` is undefined for one that was started by an owner before this one. */
export type Server = { pid: number; port: number; child: ChildProcess | undefined };

/** How often `postmaster.pid` is read while a server starts. */
export const POLL_MS = 15;
/** How long a server may take to start. */
export const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_S = 60;

/**
 * The server that is running on the cluster already, once it is ready; undefined if there is none, or it was just
 * stopping. A `postmaster.pid` that belongs to no server of this folder is made harmless.
 */
export async function findServer(cluster: Cluster, log: Logger): Promise<Server | undefined> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let told = '';
  while (Date.now() < deadline) {
    const found = await readPostmaster(cluster.data);
    if (!found) return undefined;
    if (!(await isServing(found.pid, cluster.data))) {
      log.debug({ pid: found.pid }, 'postmaster.pid is stale');
      await disownPidFile(cluster.data);
      return undefined;
    }
    if (found.status === 'ready') return { pid: found.pid, port: found.port, child: undefined };
    if (told !== found.status)
      log.info({ pid: found.pid, status: found.status }, 'waiting for a PostgreSQL left running');
    told = found.status;
    await sleep(POLL_MS);
  }
  throw new Error(`The PostgreSQL that was left running in ${cluster.data} does not become ready`);
}

/**
 * Shuts the server down and waits until it has. `fast` ends its sessions and flushes everything; `immediate` is for data
 * that is about to be deleted.
 */
export async function stopServer(cluster: Cluster, mode: 'fast' | 'immediate'): Promise<void> {
  const { programs, launcher, data } = cluster;
  const stop = (how: string) =>
    runProgram(launcher.launch(programs.pg_ctl, ['stop', '-D', data, '-m', how, '-w', '-t', String(STOP_TIMEOUT_S)]));
  try {
    await stop(mode);
  } catch (err) {
    if (!(await isUp(data))) return;
    // A session that does not let itself be ended; what is committed is safe, the next start replays it.
    await stop('immediate').catch(() => {
      throw err;
    });
  }
}

/** True while a server of this data folder is there. */
export async function isUp(data: string): Promise<boolean> {
  const found = await readPostmaster(data);
  return found !== undefined && (await isServing(found.pid, data));
}
