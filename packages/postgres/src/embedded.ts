import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { type Cluster, findCluster, makeFolder, openCluster } from './embedded-cluster.ts';
import { checkAnswers, createDatabase, databaseUrl } from './embedded-database.ts';
import { findServer, isUp, type Server, stopServer } from './embedded-server.ts';
import { lockFolder } from './folder-lock.ts';
import { launchServer } from './launch-server.ts';

export { FolderInUse } from './folder-lock.ts';

export type EmbeddedPostgresOptions = {
  /** A folder for it alone: the data, the password (`password`, mode 0600) and the log (`postgres.log`) lie in it. */
  directory: string;
  /** On 127.0.0.1; a free one if not given. */
  port?: number;
  log: Logger;
  /** Settings of postgresql.conf for a server that is started; one that is taken over keeps what it has. */
  settings?: Record<string, string>;
};

export type EmbeddedPostgres = {
  readonly port: number;
  /** True if the server had been left running by an owner that was killed. */
  readonly takenOver: boolean;
  /** The URL of a database, with the superuser's name and password. */
  url(database: string): string;
  /** Makes a database, a copy of `template` if given; false if there is one of that name. */
  createDatabase(name: string, template?: string): Promise<boolean>;
  /**
   * Stops and starts the server, on the same port: for tests of what must survive it. `immediate` ends it as it is, as
   * a crash would, and the start recovers; `fast` (the default) lets it finish.
   */
  restart(mode?: 'fast' | 'immediate'): Promise<void>;
  /** Shuts the server down (its sessions are ended, everything is on disk) and gives the folder up. */
  stop(): Promise<void>;
};

/** How often a server that is not our child is looked at. */
const WATCH_MS = 1000;

/**
 * Starts a real PostgreSQL of this process's own, or takes over the one that a killed owner has left in the folder.
 *
 * - The first start makes the cluster: checksums, SCRAM, UTF-8, locale C.UTF-8 (builtin), a random password.
 * - The server is a process of its own that outlives a crash of its owner, so that nothing that was committed hangs on this
 *   process; it goes on listening on 127.0.0.1 until the next owner of the folder takes it over or stops it.
 * - One that ends without having been asked to is started again on the same port.
 * - As root it runs as another user (`chooseLauncher`); otherwise as whoever runs this.
 *
 * Throws `FolderInUse` if another process owns the folder, and an error with the end of PostgreSQL's own log if it does
 * not start.
 */
export async function startPostgres(o: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = resolve(o.directory);
  const settings = o.settings ?? {};
  await makeFolder(directory);
  const lock = await lockFolder(directory);
  try {
    const cluster = await openCluster(directory, settings.fsync !== 'off', o.log);
    let found = await findServer(cluster, o.log);
    if (found && o.port !== undefined && found.port !== o.port) {
      await stopServer(cluster, 'fast');
      found = undefined;
    }
    if (found) o.log.info({ pid: found.pid, port: found.port }, 'took over a PostgreSQL that was left running');
    const server = found ?? (await launchServer(cluster, { port: o.port, settings, log: o.log }));
    await checkAnswers(databaseUrl(cluster, server.port, 'postgres'));
    const url = (database: string) => databaseUrl(cluster, server.port, database);
    return {
      port: server.port,
      takenOver: server.child === undefined,
      url,
      createDatabase: (name, template) => createDatabase(url('postgres'), name, template),
      ...supervise(cluster, server, { settings, log: o.log, release: lock.release }),
    };
  } catch (err) {
    lock.release();
    throw err;
  }
}

/** Stops what is left running in a folder and deletes it. Throws `FolderInUse` if it has an owner. */
export async function removePostgres(directory: string): Promise<void> {
  await makeFolder(directory);
  const lock = await lockFolder(directory);
  try {
    const cluster = await findCluster(directory);
    if (cluster && (await isUp(cluster.data))) await stopServer(cluster, 'immediate');
  } finally {
    lock.release();
  }
  await rm(directory, { recursive: true, force: true, maxRetries: 10 });
}

/** Starts the server again whenever it ends without having been asked to. */
function supervise(
  cluster: Cluster,
  first: Server,
  o: { settings: Record<string, string>; log: Logger; release(): void },
): Pick<EmbeddedPostgres, 'restart' | 'stop'> {
  const { port } = first;
  let wanted = true;
  let changing: Promise<void> = Promise.resolve();
  /** One change at a time: a server that is being stopped is not found missing, and started, in the middle of it. */
  const change = (work: () => Promise<void>) => {
    changing = changing.catch(() => {}).then(work);
    return changing;
  };
  const launch = async () => watch(await launchServer(cluster, { port, settings: o.settings, log: o.log }));
  const revive = async () => {
    if (!wanted || (await isUp(cluster.data))) return;
    o.log.error({ port }, 'PostgreSQL ended unexpectedly; starting it again');
    await launch();
  };
  const reviveLater = () => {
    change(revive).catch((err) => {
      o.log.error({ err }, 'PostgreSQL could not be started again; trying once more');
      setTimeout(reviveLater, WATCH_MS).unref();
    });
  };
  let timer: NodeJS.Timeout | undefined;
  const watch = (server: Server) => {
    clearInterval(timer);
    if (server.child) server.child.once('exit', reviveLater);
    else timer = setInterval(reviveLater, WATCH_MS).unref();
  };
  watch(first);
  let stopped: Promise<void> | undefined;
  return {
    restart: (mode = 'fast') =>
      change(async () => {
        await stopServer(cluster, mode);
        await launch();
      }),
    stop: () => {
      wanted = false;
      clearInterval(timer);
      stopped ??= change(() => stopServer(cluster, 'fast')).finally(o.release);
      return stopped;
    },
  };
}
