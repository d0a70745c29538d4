import { type LoopResult, percentile } from './closed-loop.ts';

/** One of the servers that are compared: what runs on it, and whose processor time counts. */
export type Side = {
  name: string;
  run(durationMs: number): Promise<LoopResult>;
  /** What comes before what is measured, where that is not `run`. */
  warmUp?: (durationMs: number) => Promise<LoopResult>;
  /** Milliseconds used so far, by part: `order`, `postgres` … */
  processors: Readonly<Record<string, () => number>>;
  /** Waits until what operations have set off is done, so that it counts for them. */
  settled?: () => Promise<void>;
  /** Called once, after the warm-up: statistics of tables that it has filled, say. */
  warmedUp?: () => Promise<void>;
};

/** Medians over the repetitions; times are in milliseconds for each operation. */
export type Figures = {
  name: string;
  cpuMs: number;
  cpuByPart: Record<string, number>;
  throughput: number;
  p50Ms: number;
  p99Ms: number;
  /** Of all repetitions. */
  operations: number;
  /** `cpuMs` of each repetition, in order: what the medians hide. */
  repetitions: number[];
};

export type Pace = { warmUpMs: number; durationMs: number; repetitions: number };

/** A short warm-up before each repetition but the first, which the other sides have let go cold. */
const AGAIN_MS = 500;

/** Runs the sides in turn, again and again, so that what else goes on in the machine meets all of them. */
export async function measureInTurn(
  sides: readonly Side[],
  pace: Pace,
  onRun: (side: string, repetition: number) => void,
): Promise<Figures[]> {
  const samples = new Map<Side, Sample[]>(sides.map((side) => [side, []]));
  for (let repetition = 1; repetition <= pace.repetitions; repetition++) {
    for (const [side, list] of samples) {
      onRun(side.name, repetition);
      await (side.warmUp ?? side.run)(repetition === 1 ? pace.warmUpMs : Math.min(AGAIN_MS, pace.warmUpMs));
      await side.settled?.();
      if (repetition === 1) await side.warmedUp?.();
      list.push(await sample(side, pace.durationMs));
    }
  }
  return [...samples].map(([side, list]) => figuresOf(side.name, list));
}

type Sample = { completed: LoopResult; parts: Record<string, number> };

async function sample(side: Side, durationMs: number): Promise<Sample> {
  const read = () => Object.entries(side.processors).map(([part, cpu]) => [part, cpu()] as const);
  const before = new Map(read());
  const completed = await side.run(durationMs);
  await side.settled?.();
  const spent = read().map(([part, cpu]) => [part, cpu - (before.get(part) ?? 0)]);
  return { completed, parts: Object.fromEntries(spent) };
}

function figuresOf(name: string, samples: readonly Sample[]): Figures {
  const perOperation = (part: string) =>
    median(samples.map(({ parts, completed }) => (parts[part] ?? 0) / completed.operations));
  const totals = samples.map(({ parts, completed }) => sum(Object.values(parts)) / completed.operations);
  const parts = Object.keys(samples[0]?.parts ?? {});
  return {
    name,
    cpuMs: median(totals),
    cpuByPart: Object.fromEntries(parts.map((part) => [part, perOperation(part)])),
    throughput: median(samples.map(({ completed }) => completed.operations / completed.seconds)),
    p50Ms: median(samples.map(({ completed }) => percentile(completed.latencies, 0.5))),
    p99Ms: median(samples.map(({ completed }) => percentile(completed.latencies, 0.99))),
    operations: sum(samples.map(({ completed }) => completed.operations)),
    repetitions: totals,
  };
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
