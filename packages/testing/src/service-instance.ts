import { type ChildProcess, spawn } from 'node:child_process';
import { close, existsSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { until } from './until.ts';

/** One process of a service. */
export type Instance = {
  name: string;
  service: ServiceName;
  url: string;
  managementUrl: string;
  start(): void;
  /** Resolves once `/readyz` says so. Rejects as soon as the process has ended, with the end of its log. */
  ready(): Promise<void>;
  /** Sends the signal and waits for the process to end; answers its exit code, null when a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Sends a signal that does not end it. */
  signal(signal: NodeJS.Signals): void;
  isRunning(): boolean;
};

/** The services of a deployment. */
export const serviceNames = ['auth', 'product', 'order', 'notification', 'api-gateway'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** An instance before there is a process: what it is called and where it will listen. */
export type InstanceAddress = { service: ServiceName; name: string; port: number; managementPort: number };

/** Characters of the end of a log that an error shows. */
const SHOWN_OF_LOG = 4000;

/** What a process gets of this one's environment: no setting of a service. A bundle brings what V8 has compiled with it. */
const inherited = (program: string) => {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return { PATH, ...(NODE_COMPILE_CACHE && program.endsWith('.ts') && { NODE_COMPILE_CACHE }) };
};

/** An instance that is not started yet; what it writes is appended to a file in `logs`. */
export function createInstance(o: {
  place: InstanceAddress;
  /** A file for Node.js, and arguments. */
  program: string[];
  env: Record<string, string>;
  logs: string;
}): Instance {
  const { service, name, port, managementPort } = o.place;
  let child: ChildProcess | undefined;
  const managementUrl = `http://127.0.0.1:${managementPort}`;
  const logFile = path.join(o.logs, `${name}.log`);
  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    name,
    service,
    url: `http://127.0.0.1:${port}`,
    managementUrl,
    isRunning,
    start() {
      const log = openSync(logFile, 'a');
      const { command, args } = dyingWithParent([process.execPath, ...o.program]);
      // A group of its own: Ctrl-C in a terminal is for who started it, who then ends it.
      child = spawn(command, args, {
        env: { ...inherited(o.program[0] ?? ''), ...o.env },
        stdio: ['ignore', log, log],
        detached: true,
      });
      close(log, () => {});
    },
    async ready() {
      const isReady = async () => {
        const response = await fetch(`${managementUrl}/readyz`);
        await response.body?.cancel();
        return response.status === 200;
      };
      // Not an exception, which `until` takes for "not yet": a process that has ended never gets ready.
      const outcome = await until(async () => (isRunning() ? (await isReady()) && 'ready' : 'ended'), {
        what: `${name} to be ready (see ${logFile})`,
      });
      if (outcome === 'ended') throw startFailure(name, child, logFile);
    },
    async end(signal) {
      if (!child || !isRunning()) return child?.exitCode ?? null;
      const exit = ended(child);
      child.kill(signal);
      // One that is halted by SIGSTOP hears nothing else but SIGKILL.
      if (signal !== 'SIGKILL') child.kill('SIGCONT');
      return exit;
    },
    signal: (signal) => {
      if (isRunning()) child?.kill(signal);
    },
  };
}

function startFailure(name: string, child: ChildProcess | undefined, logFile: string): Error {
  const how = child?.signalCode ?? `exit code ${child?.exitCode}`;
  const end = existsSync(logFile) ? readFileSync(logFile, 'utf8').slice(-SHOWN_OF_LOG) : 'It was never started.';
  return new Error(`${name} has ended with ${how} before it was ready. The end of ${logFile}:\n${end}`);
}

const SETPRIV = '/usr/bin/setpriv';

/** On Linux, a command that the kernel kills when its parent ends, however that ends. */
function dyingWithParent([program = '', ...args]: string[]): { command: string; args: string[] } {
  if (process.platform !== 'linux' || !existsSync(SETPRIV)) return { command: program, args };
  return { command: SETPRIV, args: ['--pdeathsig', 'KILL', '--', program, ...args] };
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', reject);
  });
