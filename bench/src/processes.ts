import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server that runs as a process of its own. */
export type ServerProcess = {
  readonly name: string;
  readonly pid: number;
  /** `performance.now()` of its start. */
  readonly startedAt: number;
  /** The end of what it has written. */
  output(): string;
  isRunning(): boolean;
  /** Null while it runs, and when a signal has ended it. */
  exitCode(): number | null;
  /** Ends it, with SIGTERM and if need be SIGKILL. */
  stop(): Promise<void>;
};

/** Whatever happens to this process, none of these is left behind. */
const children = new Set<ChildProcess>();
const killAll = () => {
  for (const child of children) child.kill('SIGKILL');
};

const KEPT_OUTPUT = 8_000;
const STOP_MS = 5_000;

/**
 * Starts a process. Its output goes through a pipe, as it does under a container runtime, and all but the end of it is
 * dropped here.
 */
export function startProcess(
  name: string,
  command: string,
  args: readonly string[],
  env: Record<string, string>,
): ServerProcess {
  const startedAt = performance.now();
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.off('exit', killAll).once('exit', killAll);
  children.add(child);
  child.once('exit', () => children.delete(child));
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8', Math.max(0, chunk.length - KEPT_OUTPUT))).slice(-KEPT_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => {
    output += error.message;
  });
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    name,
    pid: child.pid ?? -1,
    startedAt,
    output: () => output,
    isRunning,
    exitCode: () => child.exitCode,
    stop: () => (isRunning() ? end(child) : Promise.resolve()),
  };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timeout = new AbortController();
  await Promise.race([ended, sleep(STOP_MS, undefined, { signal: timeout.signal }).catch(() => undefined)]);
  timeout.abort();
  child.kill('SIGKILL');
  await ended;
}

/** Resolves once the process answers this URL with 200; throws, with what it wrote, when it ends or takes too long. */
export async function untilAnswered(one: ServerProcess, url: string, timeoutMs = 180_000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(25)) {
    if (!one.isRunning()) throw new Error(`${one.name} ended while starting:\n${one.output()}`);
    if (await answers(url)) return;
  }
  throw new Error(`${one.name} did not become ready:\n${one.output()}`);
}

/** Resolves once the process has ended well; throws, with what it wrote, when it fails. */
export async function untilEnded(one: ServerProcess): Promise<void> {
  while (one.isRunning()) await sleep(100);
  if (one.exitCode() !== 0) throw new Error(`${one.name} failed:\n${one.output()}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
