import type { Random } from '../random.ts';
import { type ClusterSize, type FaultKind, targetsOf, usualMs } from './kinds.ts';

/** One thing that is to go wrong. */
export type PlannedFault = {
  kind: FaultKind;
  /** What it strikes: an instance, a database, a group of connections. */
  target: string;
  /** When, in milliseconds from the beginning of the load. It waits for the one before to be over. */
  atMs: number;
  /** For whatever is left to chance while it happens. */
  seed: number;
};

export type Plan = {
  faults: PlannedFault[];
  /** How long the load lasts at least, in milliseconds. */
  durationMs: number;
};

/** Quiet before the first, after the last and, at the least, between two, in milliseconds. */
const LEAD_MS = 4000;
const CALM_MS = 5000;

/**
 * Each fault that there is of these kinds, once, in an order and at times that follow from the seed. They are spread over
 * `durationMs`; without one, the plan is as long as it has to be.
 */
export function makePlan(
  random: Random,
  kinds: readonly FaultKind[],
  o: ClusterSize & { durationMs?: number | undefined },
): Plan {
  const wanted = kinds.flatMap((kind) => targetsOf(kind, o).map((target) => ({ kind, target })));
  const order = random.shuffle(wanted);
  const usual = order.reduce((sum, { kind }) => sum + usualMs[kind], 0);
  const least = 2 * LEAD_MS + usual + order.length * CALM_MS;
  const durationMs = o.durationMs ?? least;
  const gap = Math.max(0, durationMs - 2 * LEAD_MS - usual) / Math.max(1, order.length);
  let at = LEAD_MS;
  const faults = order.map(({ kind, target }): PlannedFault => {
    const atMs = Math.round(at + random.next() * gap * 0.5);
    at += usualMs[kind] + gap;
    return { kind, target, atMs, seed: random.int(0, 2 ** 31) };
  });
  return { faults, durationMs };
}
