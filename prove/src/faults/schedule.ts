import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster-harness.ts';
import { injectFault } from './inject.ts';
import type { FaultKind } from './kinds.ts';
import type { Plan } from './plan.ts';

/** A fault that was injected. Times are milliseconds from the beginning of the load. */
export type InjectedFault = {
  kind: FaultKind;
  target: string;
  startedMs: number;
  /** When all was well again; undefined while it is not. */
  endedMs: number | undefined;
  note: string;
  /** Why it did not go as it should: a process that did not end or did not come back. */
  failure: string | undefined;
};

/** Counted to a fault, too: what was begun so soon after it was over. */
export const AFTERMATH_MS = 1000;
/** Quiet between two at the least, however late the plan is. */
const LEAST_CALM_MS = 2000;

/** Lets the faults of a plan happen one after the other; `injected` fills while it does. */
export async function injectFaults(
  cluster: Cluster,
  plan: Plan,
  o: { now: () => number; injected: InjectedFault[]; signal: AbortSignal },
): Promise<void> {
  let calmFrom = 0;
  for (const fault of plan.faults) {
    const startsAt = Math.max(fault.atMs, calmFrom);
    await sleep(Math.max(0, startsAt - o.now()), undefined, { signal: o.signal }).catch(() => undefined);
    if (o.signal.aborted) return;
    const { kind, target } = fault;
    const entry: InjectedFault = { kind, target, startedMs: o.now(), endedMs: undefined, note: '', failure: undefined };
    o.injected.push(entry);
    try {
      entry.note = (await injectFault(cluster, fault, o.signal)).note;
    } catch (err) {
      entry.failure = err instanceof Error ? err.message : String(err);
    }
    entry.endedMs = o.now();
    calmFrom = entry.endedMs + LEAST_CALM_MS;
  }
}
