import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { access, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { signalProcess } from './signal-process.ts';
import { until } from './until.ts';

/** One node of a RabbitMQ of one's own. */
export type RabbitNode = {
  /** Its name in the cluster: `name@localhost`. */
  name: string;
  /** Where it listens for AMQP, on 127.0.0.1; the same after a restart. */
  port: number;
  /** Starts it again after `halt` or `kill`; resolves when it accepts connections. */
  start(): Promise<void>;
  /** Shuts it down in good order. */
  halt(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** The end of what it has printed. */
  output(): string;
  /** Runs `rabbitmqctl` against it and returns what it prints; about a second. */
  ctl(...args: string[]): Promise<string>;
};

export type RabbitNodeOptions = {
  name: string;
  /** Home of the node: of its Erlang cookie, which the nodes of a cluster share, and removed with whoever started it. */
  home: string;
  /** A folder below or equal to `home`, for the node alone. */
  directory: string;
  port: number;
  distPort: number;
  epmdPort: number;
  /** Lines of rabbitmq.conf beyond those that every node gets. */
  settings?: readonly string[];
  account: Account | undefined;
};

/** Where Debian's `rabbitmq-server` puts what we run. The command in /usr/sbin insists on the system's own folders. */
const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const CONTROL = '/usr/lib/rabbitmq/bin/rabbitmqctl';

/**
 * Runs the broker, and the port mapper that every Erlang node needs, until the broker ends. When its standard input
 * closes, which happens when the process that started it is gone, however it went, it ends both and removes the data.
 */
const GUARD = `
exec 3<&0
epmd -port "$ERL_EPMD_PORT" >/dev/null 2>&1 & epmd=$!
"$1" & server=$!
echo "pid $server"
# The shell reports killed jobs, and writing to a reader that is gone would end it.
exec 2>/dev/null
( while read -r _; do :; done <&3; : > "$2/abandoned"; kill -9 $server ) & guard=$!
wait $server
kill -9 $epmd $guard
wait
[ ! -e "$2/abandoned" ] || rm -rf "$2"
`;

/** True if Debian's package `rabbitmq-server` is installed. */
export async function isRabbitInstalled(): Promise<boolean> {
  return access(SERVER).then(
    () => true,
    () => false,
  );
}

/** Whom a node runs as: the user `rabbitmq` when it is started by root, undefined for whoever starts it. */
export async function rabbitAccount(): Promise<Account | undefined> {
  return process.getuid?.() === 0 ? accountOf('rabbitmq') : undefined;
}

/** Writes the folder of a node, which does not run yet. */
export async function prepareRabbitNode(o: RabbitNodeOptions): Promise<RabbitNode> {
  const { directory, account, port } = o;
  const env = await prepare(o);
  if (account) {
    for (const path of ['', 'data', 'rabbitmq.conf', 'plugins']) {
      await chown(join(directory, path), account.uid, account.gid);
    }
  }
  let running: Running | undefined;
  let last = '';

  async function start(): Promise<void> {
    if (running) return;
    running = await launch(env, o.home, account);
    try {
      // The node prints this last, once it accepts connections.
      await running.prints(/completed with \d+ plugins/);
    } catch (err) {
      await end('SIGKILL');
      throw err;
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = running;
    if (!ending) return;
    signalProcess(ending.pid, signal);
    await ending.ended;
    last = ending.output();
    if (running === ending) running = undefined;
  }

  return {
    name: o.name,
    port,
    start,
    halt: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    output: () => running?.output() ?? last,
    ctl: async (...args) => {
      const { stdout } = await promisify(execFile)(CONTROL, ['--quiet', ...args], { cwd: directory, env, ...account });
      return stdout;
    },
  };
}

export type Account = { uid: number; gid: number };
type Running = {
  pid: number;
  ended: Promise<void>;
  /** Waits until the node prints this. Rejects when it ends instead. */
  prints: (pattern: RegExp) => Promise<RegExpExecArray>;
  output: () => string;
};

async function accountOf(user: string): Promise<Account> {
  const ask = async (flag: string) => Number((await promisify(execFile)('id', [flag, user])).stdout);
  return { uid: await ask('-u'), gid: await ask('-g') };
}

/** Writes the broker's configuration, and returns its environment. */
async function prepare(o: RabbitNodeOptions): Promise<Record<string, string>> {
  const { directory, port } = o;
  await mkdir(join(directory, 'data'), { recursive: true });
  await writeFile(join(directory, 'plugins'), '[].\n');
  const settings = [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    'log.file = false',
    'log.console = true',
    'log.console.level = warning',
    'vm_memory_high_watermark.absolute = 400MB',
    'disk_free_limit.absolute = 10MB',
    // The log of the quorum queues is kept in memory up to this size.
    'raft.wal_max_size_bytes = 16777216',
    ...(o.settings ?? []),
  ];
  await writeFile(join(directory, 'rabbitmq.conf'), `${settings.join('\n')}\n`);
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    HOME: o.home,
    ERL_EPMD_PORT: String(o.epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: o.name,
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(o.distPort),
    RABBITMQ_CONF_ENV_FILE: join(directory, 'no-env.conf'),
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'plugins'),
    RABBITMQ_MNESIA_BASE: join(directory, 'data'),
    RABBITMQ_LOG_BASE: directory,
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +SDio 1 +A 2 -kernel inet_dist_use_interface {127,0,0,1}',
    // Makes the script become the Erlang VM, so that signals reach it.
    detached: 'true',
  };
}

async function launch(env: Record<string, string>, directory: string, account: Account | undefined): Promise<Running> {
  const guard: ChildProcess = spawn('/bin/sh', ['-c', GUARD, 'sh', SERVER, directory], {
    cwd: directory,
    env,
    // A group of its own: Ctrl-C in a terminal is for the tests, which then end it.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...account,
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-20_000);
  };
  guard.stdout?.on('data', keep);
  guard.stderr?.on('data', keep);
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      hasEnded = true;
      resolve();
    };
    guard.once('close', end);
    guard.once('error', (err) => {
      output += String(err);
      end();
    });
  });
  const prints = async (pattern: RegExp): Promise<RegExpExecArray> => {
    const found = await until(() => pattern.exec(output) ?? hasEnded, { what: `RabbitMQ to print ${pattern}` });
    if (found === true) throw new Error(`RabbitMQ ended while starting:\n${output}`);
    return found;
  };
  const [, pid] = await prints(/^pid (\d+)$/m);
  return { pid: Number(pid), ended, prints, output: () => output };
}
