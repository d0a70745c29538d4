import { AFTERMATH_MS, type InjectedFault } from '../faults/schedule.ts';
import { type RequestKind, requestKinds, type Sample } from '../workload/request-log.ts';
import { type Requests, requestsOf } from './request-figures.ts';

export type FaultFigures = InjectedFault & { requests: Requests; byKind: Partial<Record<RequestKind, Requests>> };

/** Requests whose first attempt failed while one fault was under way, or none was. */
export type MissingFigures = {
  /** The kind and the target, or `no fault`. */
  fault: string;
  failed: number;
  /** Of all requests, from 0 to 1. */
  share: number;
  /** By what was asked and why it failed, most first: `order: ECONNRESET`. */
  reasons: Record<string, number>;
};

/** What was begun while a fault lasted, or just after, or was under way when it began. */
export function figuresOfFault(fault: InjectedFault, samples: readonly Sample[]): FaultFigures {
  const until = (fault.endedMs ?? Number.POSITIVE_INFINITY) + AFTERMATH_MS;
  const own = samples.filter((s) => s.startedMs < until && s.startedMs + s.tookMs >= fault.startedMs);
  const kinds = requestKinds.flatMap((kind) => {
    const some = own.filter((sample) => sample.kind === kind);
    return some.length > 0 ? [[kind, requestsOf(some)] as const] : [];
  });
  return { ...fault, requests: requestsOf(own), byKind: Object.fromEntries(kinds) };
}

const NO_FAULT = 'no fault';

/** What is missing from an availability of 1, by the fault under way: each failed first attempt counts once. */
export function missingOf(injected: readonly InjectedFault[], samples: readonly Sample[]): MissingFigures[] {
  const failed = samples.filter((sample) => !sample.answeredAtOnce);
  const groups = Map.groupBy(failed, (sample) => {
    const fault = faultDuring(injected, sample);
    return fault ? `${fault.kind} ${fault.target}` : NO_FAULT;
  });
  return [...groups]
    .map(([fault, own]) => ({
      ...{ fault, failed: own.length, share: own.length / samples.length },
      reasons: tally(own.map(({ kind, firstFailure }) => `${kind}: ${firstFailure?.reason ?? 'no attempt'}`)),
    }))
    .sort((a, b) => b.failed - a.failed);
}

/** The fault under way during the first attempt, or that had just ended when it began; the latest, where there were two. */
function faultDuring(injected: readonly InjectedFault[], { startedMs, tookMs, firstFailure }: Sample) {
  const endedMs = firstFailure?.endedMs ?? startedMs + tookMs;
  return injected.findLast(
    (fault) => startedMs < (fault.endedMs ?? Number.POSITIVE_INFINITY) + AFTERMATH_MS && endedMs >= fault.startedMs,
  );
}

function tally(names: readonly string[]): Record<string, number> {
  const counts = [...Map.groupBy(names, (name) => name)].map(([name, { length }]) => [name, length] as const);
  return Object.fromEntries(counts.sort((a, b) => b[1] - a[1]));
}
