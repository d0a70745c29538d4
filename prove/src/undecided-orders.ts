import { setTimeout as sleep } from 'node:timers/promises';
import { rowsOf } from './audit/system-under-audit.ts';
import type { Cluster } from './cluster/cluster-harness.ts';

/** What was seen each second. */
export type Moment = { atMs: number; undecided: number | undefined };

/** Looks once a second how many orders are still to be decided. */
export async function watchUndecided(
  cluster: Cluster,
  moments: Moment[],
  now: () => number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const atMs = now();
    const text = 'select count(*)::int as n from orders where due_at is not null';
    // A database that is unavailable leaves a gap.
    const rows = await rowsOf<{ n: number }>(cluster.pools.order, text).catch(() => []);
    moments.push({ atMs, undecided: rows[0]?.n });
    await sleep(Math.max(0, 1000 - (now() - atMs)), undefined, { signal }).catch(() => undefined);
  }
}
