import type { ServiceName } from '../../images/built-services.ts';
import type { CellFigures } from './cells.ts';
import type { Start } from './cold-start.ts';
import type { PurchaseCounts } from './counts.ts';
import type { Figures } from './measurement.ts';
import type { KindName } from './options.ts';
import type { PeerResult } from './peers/table.ts';
import type { LoadTestResult } from './soak.ts';

/** What is written for one kind of operation at one load; times are milliseconds of processor time for each, unless they say otherwise. */
export type OperationResult = {
  kind: KindName;
  title: string;
  /** At which the figures hold: operations on their way at once, of Tradepost and of the reference. */
  connections: number;
  cpuMs: number;
  /** Which of the server processes used it. */
  cpuByPart: Record<string, number>;
  /** Undefined where the program to compare with is not installed. */
  reference: { name: string; cpuMs: number } | undefined;
  ratio: number | undefined;
  throughput: number;
  p50Ms: number;
  p99Ms: number;
  operations: number;
  /** `cpuMs` of each repetition. */
  repetitions: number[];
  targetCpuMs: number;
  /** What else was measured beside it. */
  others: { name: string; cpuMs: number }[];
};

/** How one kind costs with more in the databases than the first size, both measured in turn. */
export type Growth = {
  kind: KindName;
  /** Undefined in results of earlier versions. */
  connections?: number;
  products: number;
  orders: number;
  cpuMs: number;
  cpuByPart: Record<string, number>;
  /** With the first size; of `searchWorst`, what `search` costs there. */
  baseCpuMs: number;
  baseCpuByPart: Record<string, number>;
  ratio: number;
};

export type Results = {
  operations: OperationResult[];
  /** Kinds that could not be measured. The run goes on with the next one, and exits with 1. */
  failures: { kind: KindName; connections: number; error: string }[];
  machine: { processor: string; cores: number; memoryGiB: number; node: string; postgres: string; kernel: string };
  command: string;
  startedAt: string;
  tookSeconds: number;
  pace: { warmUpMs: number; durationMs: number; repetitions: number };
  products: number;
  orders: number;
  /** Until `/readyz` answers 200. */
  coldStartMs: Partial<Record<ServiceName, number>>;
  /** Until `/livez` does. */
  liveMs: Partial<Record<ServiceName, number>>;
  referenceColdStartMs: Record<string, number>;
  /** Resident, the most that was seen under load. */
  memoryMiB: Partial<Record<ServiceName, number>>;
  idleMemoryMiB: Partial<Record<ServiceName, number>>;
  /** Milliseconds of processor time in a second without requests. */
  idleCpuMsPerSecond: Partial<Record<ServiceName | 'all', number>>;
  /** Own, without what is shared with other processes: at rest. Missing in results of earlier versions. */
  ownMemoryMiB?: Partial<Record<ServiceName, number>>;
  /** At one load, or at several with --counts. */
  counts: PurchaseCounts[];
  growth: Growth[];
  soak?: LoadTestResult;
  overload?: LoadTestResult;
  cells?: CellFigures[];
  peers?: PeerResult[];
};

/** Puts the figures of Tradepost and of what it is compared with into one result. */
export function resultOf(
  kind: { name: KindName; title: string; target: object },
  connections: number,
  figures: readonly Figures[],
): OperationResult {
  const [own, reference, ...others] = figures;
  if (!own) throw new Error('Nothing was measured');
  const beyond = 'beyondReferenceMs' in kind.target ? Number(kind.target.beyondReferenceMs) : undefined;
  const fixed = 'cpuMs' in kind.target ? Number(kind.target.cpuMs) : Number.NaN;
  return {
    kind: kind.name,
    title: kind.title,
    connections,
    cpuMs: own.cpuMs,
    cpuByPart: own.cpuByPart,
    reference: reference && { name: reference.name, cpuMs: reference.cpuMs },
    ratio: reference && own.cpuMs / reference.cpuMs,
    throughput: own.throughput,
    p50Ms: own.p50Ms,
    p99Ms: own.p99Ms,
    operations: own.operations,
    repetitions: own.repetitions,
    targetCpuMs: beyond === undefined ? fixed : beyond + (reference?.cpuMs ?? 0),
    others: others.map(({ name, cpuMs }) => ({ name, cpuMs })),
  };
}

/** `coldStarts` by service, as they are written. */
export function startsOf(starts: Record<ServiceName, Start>): Pick<Results, 'coldStartMs' | 'liveMs'> {
  const pick = (key: keyof Start) =>
    Object.fromEntries(Object.entries(starts).map(([name, start]) => [name, start[key]]));
  return { coldStartMs: pick('readyMs'), liveMs: pick('liveMs') };
}
