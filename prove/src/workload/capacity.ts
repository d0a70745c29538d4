import type { Random } from '../random.ts';
import { visit } from './visit.ts';
import type { Workload } from './workload.ts';

/** So many visitors at once keep every process busy, although visits wait for decisions in between. */
const VISITORS = 24;
/** Code is compiled and connections are opened first. */
const WARM_UP_MS = 4000;
const MEASURE_MS = 8000;

/** What the machine can do. */
export type Capacity = { visitsPerSecond: number; measuredMs: number };

/**
 * Measures how many visits a second the system serves on this machine, while nothing fails: a closed loop, in which each visitor
 * begins the next visit when the one before is over. Those visits are orders like all others, and are audited.
 */
export async function measureCapacity(workload: Workload, random: Random): Promise<Capacity> {
  const startedAt = performance.now();
  const measureFrom = startedAt + WARM_UP_MS;
  const until = measureFrom + MEASURE_MS;
  let visits = 0;
  let measured = 0;
  const visitor = async () => {
    while (performance.now() < until && !workload.signal.aborted) {
      await visit(workload, random.fork(`visit ${visits++}`));
      const now = performance.now();
      if (now >= measureFrom && now < until) measured++;
    }
  };
  await Promise.all(Array.from({ length: VISITORS }, visitor));
  return { visitsPerSecond: measured / (MEASURE_MS / 1000), measuredMs: MEASURE_MS };
}
