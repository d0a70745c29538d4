import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Cluster } from './embedded-cluster.ts';
import { HOST, POLL_MS, type Server, START_TIMEOUT_MS } from './embedded-server.ts';
import { type Postmaster, readPostmaster } from './postmaster.ts';

const MAX_LOG_BYTES = 10 * 1024 * 1024;

/** A server for one user: small, quiet, and durable (fsync stays on). */
const defaults: Record<string, string> = {
  max_connections: '100',
  // Nobody replicates from it, so less has to be written.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '1GB',
  // Three processes fewer; what is read is nearly always in memory.
  io_method: 'sync',
  jit: 'off',
  autovacuum_naptime: '15s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] %q%a %d ',
};

/** Starts a server on the given port, or on a free one, and returns when it accepts connections. */
export async function launchServer(
  cluster: Cluster,
  o: { port: number | undefined; settings: Record<string, string>; log: Logger },
): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    const port = await reservePort(o.port ?? 0);
    try {
      return await launch(cluster, port, o.settings);
    } catch (err) {
      // What may pass: a free port that somebody else took meanwhile; backends of a killed server that have yet to end.
      if (attempt === 3) throw err;
      o.log.warn({ err, attempt }, 'PostgreSQL did not start; trying again');
      await sleep(attempt * 200);
    }
  }
}

async function launch(cluster: Cluster, port: number, settings: Record<string, string>): Promise<Server> {
  const logged = await openLog(cluster.logFile);
  const all = {
    ...defaults,
    ...settings,
    listen_addresses: HOST,
    port: String(port),
    // TCP alone: the path of a socket may hold little more than a hundred characters.
    unix_socket_directories: '',
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { command, args, options } = cluster.launcher.launch(cluster.programs.postgres, ['-D', cluster.data, ...flags]);
  // A session of its own, so that the Ctrl-C meant for the owner does not stop the database before its clients; output to a
  // file, since a pipe would end with the owner while the server does not.
  const child = spawn(command, args, {
    ...options,
    detached: true,
    stdio: ['ignore', logged.fd, logged.fd],
    windowsHide: true,
  });
  child.unref();
  const failure = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`PostgreSQL exited (${code ?? signal})`)));
  });
  failure.catch(() => {});
  try {
    const server = await Promise.race([waitUntilReady(cluster.data, child), failure]);
    return { pid: server.pid, port, child };
  } catch (cause) {
    const text = (await readFile(cluster.logFile)).subarray(logged.size).toString().trim();
    throw new Error(`PostgreSQL did not start: ${text}`, { cause });
  } finally {
    await logged.close();
  }
}

async function waitUntilReady(data: string, child: ChildProcess): Promise<Postmaster> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const found = await readPostmaster(data);
    // setpriv becomes the server, so the id is the child's in that case too.
    if (found?.pid === child.pid && found?.status === 'ready') return found;
    await sleep(POLL_MS);
  }
  throw new Error('PostgreSQL is not ready');
}

/** Opens the log to append to; `size` is where this start's part begins. */
async function openLog(path: string): Promise<{ fd: number; size: number; close(): Promise<void> }> {
  const before = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  const file = await open(path, before > MAX_LOG_BYTES ? 'w' : 'a', 0o600);
  return { fd: file.fd, size: (await file.stat()).size, close: () => file.close() };
}

/** Makes sure that a port is free, or (0) finds one that is. */
function reservePort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause) => reject(new Error(`The port ${port} is in use`, { cause })));
    probe.listen({ port, host: HOST, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('No free port'));
      });
    });
  });
}
