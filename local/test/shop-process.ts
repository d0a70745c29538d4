import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '@tradepost/testing/until';
import { type Api, createApi } from '../src/seed/api.ts';

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');

/** `npm start` as a process of its own, on a data folder of the test's. */
export type ShopProcess = {
  pid: number;
  /** Standard output and error so far. */
  output(): string;
  /** Resolves when it has ended, to how. */
  exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves once its output matches, to the first group or else all of the match. Rejects when it ends instead. */
  says(pattern: RegExp): Promise<string>;
  /** Resolves once it says that it is ready, to its address. */
  ready(): Promise<{ url: string; api: Api }>;
};

export function startProcess(
  dataFolder: string,
  o: { args?: string[]; env?: Record<string, string>; main?: string } = {},
): ShopProcess {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [o.main ?? MAIN, ...(o.args ?? [])], {
    env: { PATH, HOME, PORT: '0', TRADEPOST_DATA: dataFolder, ...o.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  let ended = false;
  const exit = once(child, 'close').then(([code, signal]) => {
    ended = true;
    return { code, signal };
  });
  /** Waits until the output matches; a process that has ended instead is not waited for. */
  const says = async (pattern: RegExp) => {
    const found = await until(
      () => {
        const match = pattern.exec(output);
        return match ? { text: match[1] ?? match[0] } : ended && { text: undefined };
      },
      { what: `the shop to say ${pattern}` },
    );
    if (found.text === undefined) throw new Error(`The shop has ended instead of saying ${pattern}:\n${output}`);
    return found.text;
  };
  return {
    pid: child.pid ?? 0,
    output: () => output,
    exit,
    kill: (signal) => {
      child.kill(signal);
    },
    says,
    ready: async () => {
      const url = await says(/ready at (http:\S+)/);
      return { url, api: createApi(url, AbortSignal.timeout(300_000)) };
    },
  };
}

/** The processes of a data folder's PostgreSQL: the server's own, if it runs. */
export async function databasePid(dataFolder: string): Promise<number | undefined> {
  const file = join(dataFolder, 'postgres', 'data', 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return pid > 0 && isAlive(pid) ? pid : undefined;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The commands that the first screen offers to be pasted. */
export function printedCommands(output: string): string {
  const [commands] = /^TOKEN=[\s\S]+?echo$/m.exec(output) ?? [];
  if (commands === undefined) throw new Error(`No commands in:\n${output}`);
  return commands;
}
