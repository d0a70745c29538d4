import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of a second in /proc; 100 on every Linux of today. */
const TICKS = 100;

type Stat = { ppid: number; name: string; own: number; reaped: number };

/** What /proc tells of a process: its time and that of its children that have ended, in milliseconds; undefined: gone. */
function statOf(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
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

/** Processor time, user and system, that a process has used, in milliseconds. Throws if it has ended. */
export function cpuOf(pid: number): number {
  const stat = statOf(pid);
  if (!stat) throw new Error(`Process ${pid} has ended`);
  return stat.own;
}

/**
 * The same of a server with its children, as PostgreSQL has a process for each connection: one that ends hands its whole life
 * to its parent, so that the sum never loses anything.
 */
export function cpuOfTree(pid: number): number {
  const root = statOf(pid);
  if (!root) throw new Error(`Process ${pid} has ended`);
  return childrenOf(pid).reduce((sum, child) => {
    const stat = statOf(child);
    return stat ? sum + stat.own + stat.reaped : sum;
  }, root.own + root.reaped);
}

/** The direct children of a process. */
export function childrenOf(pid: number): number[] {
  return allProcesses().filter((one) => statOf(one)?.ppid === pid);
}

/** The first process of this name among all that a process has started, directly or not. */
export function descendantNamed(pid: number, name: string): number | undefined {
  for (const child of childrenOf(pid)) {
    const found = statOf(child)?.name === name ? child : descendantNamed(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Resident memory of a process, in MiB. */
export function memoryOf(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kibibytes) / 1024;
}

function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}
