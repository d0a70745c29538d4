import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of a second in /proc/<pid>/stat; 100 on every Linux of today. */
const TICKS = 100;

type Stat = { ppid: number; name: string; own: number; reaped: number };

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

/** What /proc/<pid>/stat tells of a process: its time and that of its children that have ended, in milliseconds; undefined: gone. */
function statOf(pid: number): Stat | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name stands in brackets and may hold spaces; what follows is numbered from the third field on.
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  const milliseconds = (ticks: number) => (ticks * 1000) / TICKS;
  return {
    ppid: field(4),
    name: text.slice(text.indexOf('(') + 1, end),
    own: milliseconds(field(14) + field(15)),
    reaped: milliseconds(field(16) + field(17)),
  };
}

/** Nanoseconds of /proc/<pid>/schedstat, which has the main thread alone, so of each thread; in milliseconds. */
function threadsOf(pid: number): number {
  let nanoseconds = 0;
  for (const thread of namesIn(`/proc/${pid}/task`)) {
    nanoseconds += Number(read(`/proc/${pid}/task/${thread}/schedstat`)?.split(' ', 1)[0] ?? 0);
  }
  return nanoseconds / 1e6;
}

/**
 * Processor time, user and system, that a process has used, in milliseconds. Throws if it has ended.
 *
 * The sum of its threads is exact, but forgets those that have ended. /proc/<pid>/stat has them, in whole ticks that are rounded down:
 * where it has more, threads have ended, and it is right to within two ticks.
 */
export function cpuOf(pid: number): number {
  const stat = statOf(pid);
  if (!stat) throw new Error(`Process ${pid} has ended`);
  return Math.max(threadsOf(pid), stat.own);
}

/** A server with its children: the processes that run, and what ended ones have left to it. */
function treeOf(pid: number): { running: number; reaped: number } {
  const running = childrenOf(pid).reduce((sum, child) => {
    const stat = statOf(child);
    return stat ? sum + Math.max(threadsOf(child), stat.own) + stat.reaped : sum;
  }, cpuOf(pid));
  return { running, reaped: statOf(pid)?.reaped ?? 0 };
}

/**
 * The same of a server with its children, as PostgreSQL has a process for each connection. One that ends hands its whole life to its parent, in ticks:
 * one number for all that have ended, so that the sum is never wrong by more than two ticks, however many they were. One that ends
 * while this looks would be counted twice or not at all: then it looks again.
 */
export function cpuOfTree(pid: number): number {
  for (;;) {
    const before = statOf(pid)?.reaped;
    const { running, reaped } = treeOf(pid);
    if (before === reaped) return running + reaped;
  }
}

/** The direct children of a process. */
function childrenOf(pid: number): number[] {
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => statOf(one)?.ppid === pid);
}

/** The processes of this name among all that a process has started, directly or not; not those below one of them. */
export function descendantsNamed(pid: number, name: string): number[] {
  return childrenOf(pid).flatMap((child) => (statOf(child)?.name === name ? [child] : descendantsNamed(child, name)));
}

/** Resident memory of a process, in MiB. */
export function memoryOf(pid: number): number {
  return mebibytesIn(`/proc/${pid}/status`, 'VmRSS');
}

/** Its own memory, in MiB: anonymous, so without the pages of Node.js and of libraries, which all processes of a machine share. */
export function ownMemoryOf(pid: number): number {
  return mebibytesIn(`/proc/${pid}/smaps_rollup`, 'Anonymous');
}

function mebibytesIn(path: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(path, 'latin1'))?.[1]) / 1024;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
