import { execFile } from 'node:child_process';
import { access, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type RabbitConfigOptions, writeRabbitConfig } from './rabbit-config.ts';
import { type Account, launchRabbit, RABBIT_SERVER, type RunningRabbit } from './rabbit-process.ts';
import { signalProcess } from './signal-process.ts';

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

export type RabbitNodeOptions = RabbitConfigOptions & { account: Account | undefined };

const CONTROL = '/usr/lib/rabbitmq/bin/rabbitmqctl';

/** True if Debian's package `rabbitmq-server` is installed. */
export async function isRabbitInstalled(): Promise<boolean> {
  return access(RABBIT_SERVER).then(
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
  const env = await writeRabbitConfig(o);
  if (account) {
    for (const path of ['', 'data', 'rabbitmq.conf', 'plugins']) {
      await chown(join(directory, path), account.uid, account.gid);
    }
  }
  let running: RunningRabbit | undefined;
  let last = '';

  async function start(): Promise<void> {
    if (running) return;
    running = await launchRabbit(env, o.home, account);
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

async function accountOf(user: string): Promise<Account> {
  const ask = async (flag: string) => Number((await promisify(execFile)('id', [flag, user])).stdout);
  return { uid: await ask('-u'), gid: await ask('-g') };
}
