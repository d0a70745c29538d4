import type { Finding } from '../audit/audit.ts';
import type { Problem } from '../audit/system-under-audit.ts';
import { AFTERMATH_MS, type InjectedFault } from '../faults/schedule.ts';
import { type RequestKind, type RequestLog, requestKinds, type Sample } from '../workload/request-log.ts';

/** Requests, and what became of them. */
export type Requests = {
  total: number;
  /** Those whose first attempt was not answered as it should be. */
  failed: number;
  /** Those that were not answered in the end, however often they were asked again. */
  failedInTheEnd: number;
  /** Share of those that did not fail, from 0 to 1; 1 where there were none. */
  availability: number;
};

export type Spread = { p50: number; p95: number; p99: number; max: number };

export type KindFigures = Requests & { kind: RequestKind; ms: Spread };
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

/** What a run came to. The first members are a contract with whoever reads the JSON. */
export type Figures = {
  verdict: 'held' | 'violated';
  orders: { accepted: number; settled: number } & Record<Problem['kind'], number> & {
      /** How many ended in each status. */
      ends: Record<string, number>;
      /** From the answer 201 until it was decided, in milliseconds. */
      decidedMs: Spread;
    };
  requests: Requests & {
    attempts: number;
    byKind: KindFigures[];
    /** Attempts that failed, by what was answered or thrown. */
    failures: Record<string, number>;
    /** Answers that nobody should get. */
    unexpected: string[];
  };
  /** Share of the requests whose first attempt was answered as it should be. */
  availability: number;
  /** What is missing from 1, by the fault that was under way when a first attempt failed. */
  missing: MissingFigures[];
  faults: FaultFigures[];
  checks: { check: string; says: string; problems: number; examples: string[] }[];
  run: {
    seed: number;
    /** Visits a second, and how many the machine could do; null where the rate was given. */
    rate: number;
    capacity: number | null;
    seconds: number;
    sabotage: string | null;
    machine: string;
    command: string;
  };
};

/** The smallest value that so many in a hundred do not exceed (nearest rank); 0 of none. */
export function percentile(sorted: readonly number[], hundredths: number): number {
  const rank = Math.ceil((hundredths / 100) * sorted.length);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1] ?? 0;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (hundredths: number) => Math.round(percentile(sorted, hundredths) * 10) / 10;
  return { p50: at(50), p95: at(95), p99: at(99), max: at(100) };
}

export function requestsOf(samples: readonly Sample[]): Requests {
  const failed = samples.filter((sample) => !sample.answeredAtOnce).length;
  const failedInTheEnd = samples.filter((sample) => !sample.answered).length;
  const availability = samples.length === 0 ? 1 : 1 - failed / samples.length;
  return { total: samples.length, failed, failedInTheEnd, availability };
}

export function figuresOf(o: {
  requestLog: RequestLog;
  injected: readonly InjectedFault[];
  findings: readonly Finding[];
  accepted: number;
  ends: Record<string, number>;
  decidedMs: Spread;
  run: Figures['run'];
}): Figures {
  const { samples } = o.requestLog;
  const all = o.findings.flatMap((finding) => finding.problems);
  const count = (kind: Problem['kind']) =>
    new Set(all.filter((problem) => problem.kind === kind).map(({ subject }) => subject)).size;
  const failures = o.injected.filter((fault) => fault.failure !== undefined);
  const broken = all.length > 0 || failures.length > 0 || o.requestLog.unexpected.length > 0;
  const { pending = 0, reserved = 0 } = o.ends;
  const total = Object.values(o.ends).reduce((sum, n) => sum + n, 0);
  const requests = requestsOf(samples);
  return {
    verdict: broken ? 'violated' : 'held',
    orders: {
      accepted: o.accepted,
      settled: total - pending - reserved,
      ...{ lost: count('lost'), doubled: count('doubled') },
      ...{ oversold: count('oversold'), mismatched: count('mismatched'), wronglySent: count('wronglySent') },
      ends: o.ends,
      decidedMs: o.decidedMs,
    },
    requests: {
      ...requests,
      attempts: o.requestLog.attempts,
      byKind: requestKinds.map((kind) => ofKind(kind, samples)),
      failures: Object.fromEntries([...o.requestLog.failures].sort((a, b) => b[1] - a[1])),
      unexpected: grouped(o.requestLog.unexpected),
    },
    availability: requests.availability,
    missing: missingOf(o.injected, samples),
    faults: o.injected.map((fault) => ofFault(fault, samples)),
    checks: o.findings.map(({ check, says, problems }) => ({
      ...{ check, says, problems: problems.length },
      examples: problems.slice(0, 5).map(({ what }) => what),
    })),
    run: o.run,
  };
}

function ofKind(kind: RequestKind, samples: readonly Sample[]): KindFigures {
  const own = samples.filter((sample) => sample.kind === kind);
  return { kind, ...requestsOf(own), ms: spreadOf(own.map(({ tookMs }) => tookMs)) };
}

/** What was begun while a fault lasted, or just after, or was under way when it began. */
function ofFault(fault: InjectedFault, samples: readonly Sample[]): FaultFigures {
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
function missingOf(injected: readonly InjectedFault[], samples: readonly Sample[]): MissingFigures[] {
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

const ID = /[0-9a-f]{8}-[0-9a-f-]{27}/g;
const MOST_UNEXPECTED = 20;

/** Those that differ in ids and SKUs alone are one, with their number. */
function grouped(unexpected: readonly string[]): string[] {
  const groups = Map.groupBy(unexpected, (text) =>
    text
      .replace(ID, '…')
      .replace(/\/lines\/[^ ]+/, '/lines/…')
      .slice(0, 120),
  );
  return [...groups.values()].slice(0, MOST_UNEXPECTED).map((own) => `${own.length} × ${own[0]}`);
}

function tally(names: readonly string[]): Record<string, number> {
  const counts = [...Map.groupBy(names, (name) => name)].map(([name, { length }]) => [name, length] as const);
  return Object.fromEntries(counts.sort((a, b) => b[1] - a[1]));
}
