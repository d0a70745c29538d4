import type { Finding } from '../audit/audit.ts';
import type { Problem } from '../audit/system-under-audit.ts';
import type { InjectedFault } from '../faults/schedule.ts';
import type { RequestLog } from '../workload/request-log.ts';
import { type FaultFigures, figuresOfFault, type MissingFigures, missingOf } from './fault-figures.ts';
import { figuresByKind, type KindFigures, type Requests, requestsOf, type Spread } from './request-figures.ts';

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
  /** How many were sent; how many of them the mail server took more than once, because an answer or the sender was lost. */
  mails: { sent: number; repeated: number };
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

export function figuresOf(o: {
  requestLog: RequestLog;
  injected: readonly InjectedFault[];
  findings: readonly Finding[];
  accepted: number;
  ends: Record<string, number>;
  decidedMs: Spread;
  mails: Figures['mails'];
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
      byKind: figuresByKind(samples),
      failures: Object.fromEntries([...o.requestLog.failures].sort((a, b) => b[1] - a[1])),
      unexpected: grouped(o.requestLog.unexpected),
    },
    mails: o.mails,
    availability: requests.availability,
    missing: missingOf(o.injected, samples),
    faults: o.injected.map((fault) => figuresOfFault(fault, samples)),
    checks: o.findings.map(({ check, says, problems }) => ({
      ...{ check, says, problems: problems.length },
      examples: problems.slice(0, 5).map(({ what }) => what),
    })),
    run: o.run,
  };
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
