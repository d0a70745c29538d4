import { audit, type Finding } from './audit/audit.ts';
import { mailFigures } from './audit/mails.ts';
import { endsOf, expectationsOf, systemOf } from './audit/run-under-audit.ts';
import { waitUntilSettled } from './audit/wait-until-settled.ts';
import type { Cluster } from './cluster/cluster-harness.ts';
import type { Plan } from './faults/plan.ts';
import { type InjectedFault, injectFaults } from './faults/schedule.ts';
import type { Random } from './random.ts';
import type { Figures } from './report/figures.ts';
import type { Spread } from './report/request-figures.ts';
import { type Moment, watchUndecided } from './undecided-orders.ts';
import { type Capacity, measureCapacity } from './workload/capacity.ts';
import { createClient } from './workload/client.ts';
import { createFixtures, type Fixtures } from './workload/fixtures.ts';
import { runOpenLoop } from './workload/open-loop.ts';
import { newRequestLog, type RequestLog } from './workload/request-log.ts';
import { type Behaviour, usualBehaviour, type Workload } from './workload/workload.ts';

export type ChaosOptions = {
  cluster: Cluster;
  random: Random;
  /** Visits a second; a function of what the machine can do where that is to be measured first. */
  rate: number | ((capacity: Capacity) => number);
  /** The faults, once the rate is known. */
  planFor: (rate: number) => Plan;
  /** Orders at the least; as many as the plan has time for unless said. */
  orders: number | undefined;
  /** About how many orders there will be: what has low stock is gone after a part of them. */
  expectedOrders: number;
  shoppers: number;
  /** If not the usual one. */
  behaviour?: Partial<Behaviour> | undefined;
  /** Whether sellers are banned for a while. */
  bans: boolean;
  /** How long nothing may change, with something left to do, before the system is audited as it is. */
  patienceMs: number;
  signal: AbortSignal;
  /** Told of what is going on, a few times a second. */
  onProgress: (now: Progress) => void;
};

/** Where a run has got to. */
export type Progress =
  | { phase: 'measuring' }
  | { phase: 'planned'; load: Load; plan: Plan }
  | {
      phase: 'load';
      accepted: number;
      orders: number;
      seconds: number;
      fault: InjectedFault | undefined;
      faults: number;
      plannedFaults: number;
    }
  | { phase: 'settling' }
  | { phase: 'audit' };

/** How many visits began in a second; `capacity` is undefined where the rate was given. */
export type Load = { rate: number; orders: number; capacity: Capacity | undefined };

export type ChaosResult = {
  requestLog: RequestLog;
  load: Load;
  injected: readonly InjectedFault[];
  moments: readonly Moment[];
  findings: readonly Finding[];
  /** How many orders ended in each status. */
  ends: Record<string, number>;
  decidedMs: Spread;
  mails: Figures['mails'];
  loadMs: number;
};

/** How long to wait in all until the system is settled, at the least; more for a slow machine, whose patience is longer. */
const SETTLE_TIMEOUT_MS = 300_000;
const settleTimeoutMs = (patienceMs: number): number => Math.max(SETTLE_TIMEOUT_MS, 5 * patienceMs);
const TELL_EVERY_MS = 250;
/** So many visits more than twice the orders are made at most, so that a short run has its orders on a slow machine, too. */
const SPARE_VISITS = 500;

/** Runs the workload against a cluster in which everything fails as planned, waits until it is settled, and audits it. */
export async function runChaos(o: ChaosOptions): Promise<ChaosResult> {
  const { cluster, signal } = o;
  const { auth, order } = cluster.pools;
  const fixtures = await createFixtures({
    ...{ gatewayUrl: cluster.gatewayUrl, auth, orders: order, shoppers: o.shoppers, expectedOrders: o.expectedOrders },
    random: o.random.fork('fixtures'),
  });
  const requestLog = newRequestLog();
  const capacity = typeof o.rate === 'function' ? await measure(o, fixtures, requestLog) : undefined;
  const rate = typeof o.rate === 'function' ? o.rate(capacity ?? { visitsPerSecond: 0, measuredMs: 0 }) : o.rate;
  const plan = o.planFor(rate);
  const load = { rate, orders: o.orders ?? Math.ceil((plan.durationMs / 1000) * rate), capacity };
  o.onProgress({ phase: 'planned', load, plan });
  const moments: Moment[] = [];
  const watching = new AbortController();
  const startedAt = performance.now();
  const now = () => performance.now() - startedAt;
  const watched = watchUndecided(cluster, moments, now, watching.signal);
  const injected = await applyLoad(o, { workload: workloadOf(o, { fixtures, requestLog, now }), load, plan });
  const loadMs = now();
  const system = systemOf(cluster, fixtures.admin);
  let findings: Finding[] = [];
  if (!signal.aborted) {
    o.onProgress({ phase: 'settling' });
    await waitUntilSettled(system, { patienceMs: o.patienceMs, timeoutMs: settleTimeoutMs(o.patienceMs) });
    o.onProgress({ phase: 'audit' });
    findings = await audit(system, expectationsOf(fixtures, requestLog, injected));
  }
  watching.abort();
  await watched;
  const mails = await mailFigures(system);
  return { requestLog, load, injected, moments, findings, loadMs, mails, ...(await endsOf(system)) };
}

function workloadOf(
  o: ChaosOptions,
  { fixtures, requestLog, now }: { fixtures: Fixtures; requestLog: RequestLog; now: () => number },
): Workload {
  const client = createClient({ site: fixtures.site, requestLog, now });
  return { fixtures, client, requestLog, now, signal: o.signal, behaviour: { ...usualBehaviour, ...o.behaviour } };
}

/** What is ordered while the capacity is measured is audited with the rest, and counts for no figure of the run. */
async function measure(o: ChaosOptions, fixtures: Fixtures, { samples: _, ...shared }: RequestLog) {
  o.onProgress({ phase: 'measuring' });
  const { samples, failures, attempts } = newRequestLog();
  const requestLog = { ...shared, samples, failures, attempts };
  const workload = workloadOf(o, { fixtures, requestLog, now: () => performance.now() });
  return measureCapacity(workload, o.random.fork('capacity'));
}

/** Lets visits begin and faults happen until there are as many orders as wanted and all faults are over. */
async function applyLoad(
  o: ChaosOptions,
  { workload, load, plan }: { workload: Workload; load: Load; plan: Plan },
): Promise<readonly InjectedFault[]> {
  const { now, requestLog } = workload;
  const injected: InjectedFault[] = [];
  const placedBefore = requestLog.acknowledged.size;
  const placed = () => requestLog.acknowledged.size - placedBefore;
  const onProgress = () => {
    const fault = injected.find(({ endedMs }) => endedMs === undefined);
    const where = { accepted: placed(), orders: load.orders, seconds: now() / 1000, fault, faults: injected.length };
    o.onProgress({ phase: 'load', ...where, plannedFaults: plan.faults.length });
  };
  const telling = setInterval(onProgress, TELL_EVERY_MS);
  const stop = new AbortController();
  const signal = AbortSignal.any([o.signal, stop.signal]);
  let faultsOver = false;
  const faults = injectFaults(o.cluster, plan, { now, injected, signal }).finally(() => {
    faultsOver = true;
  });
  // Not each visit places an order: some are refused, and most of them where there is too little CPU. A system that accepts none must not
  // be asked for ever.
  const isEnough = (visits: number) => placed() >= load.orders || visits >= 2 * load.orders + SPARE_VISITS;
  const goesOn = (visits: number) => !isEnough(visits) || now() < plan.durationMs || !faultsOver;
  try {
    await runOpenLoop(workload, o.random.fork('load'), { rate: load.rate, bans: o.bans, goesOn });
    await faults;
    return injected;
  } finally {
    clearInterval(telling);
    // A workload that failed must leave no fault behind in what is stopped now.
    stop.abort();
    await Promise.allSettled([faults]);
  }
}
