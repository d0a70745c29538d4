import { type ChildProcess, spawn } from 'node:child_process';
import { until } from './until.ts';

/** Where Debian's `rabbitmq-server` puts what we run. The command in /usr/sbin insists on the system's own folders. */
export const RABBIT_SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server';

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

/** Whom a process runs as. */
export type Account = { uid: number; gid: number };

/** A broker that was started. */
export type RunningRabbit = {
  pid: number;
  ended: Promise<void>;
  /** Waits until the node prints this. Rejects when it ends instead. */
  prints: (pattern: RegExp) => Promise<RegExpExecArray>;
  output: () => string;
};

/** Starts the broker as a process of its own, and resolves once it has one. */
export async function launchRabbit(
  env: Record<string, string>,
  directory: string,
  account: Account | undefined,
): Promise<RunningRabbit> {
  const guard: ChildProcess = spawn('/bin/sh', ['-c', GUARD, 'sh', RABBIT_SERVER, directory], {
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
