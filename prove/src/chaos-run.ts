import { setTimeout as sleep } from 'node:timers/promises';
import type { Shopper } from '@tradepost/testing/shopper';
import { audit, type Finding } from './audit/audit.ts';
import { type Expectations, rowsOf, type SystemUnderAudit } from './audit/system-under-audit.ts';
import { waitUntilSettled } from './audit/wait-until-settled.ts';
import type { Cluster } from './cluster/cluster-harness.ts';
import type { Plan } from './faults/plan.ts';
import { type InjectedFault, injectFaults } from './faults/schedule.ts';
import type { Random } from './random.ts';
import { type Spread, spreadOf } from './report/figures.ts';
import { createClient } from './workload/client.ts';
import { createFixtures, type Fixtures } from './workload/fixtures.ts';
import { runLoad } from './workload/open-loop.ts';
import { type Appetite, type Purchase, usualAppetite } from './workload/purchase.ts';
import { newRequestLog, type RequestLog } from './workload/request-log.ts';

export type ChaosOptions = {
  cluster: Cluster;
  random: Random;
  plan: Plan;
  /** Visits a second, and how many orders at the least. */
  rate: number;
  orders: number;
  shoppers: number;
  /** If not the usual one. */
  appetite?: Appetite | undefined;
  /** How long nothing may change, with something left to do, before the system is audited as it is. */
  patienceMs: number;
  signal: AbortSignal;
  /** Told of what is going on, a few times a second. */
  tell: (now: Progress) => void;
};

/** Where a proof has got to. */
export type Progress =
  | {
      phase: 'load';
      accepted: number;
      orders: number;
      seconds: number;
      fault: InjectedFault | undefined;
      faults: number;
    }
  | { phase: 'settling' }
  | { phase: 'audit' };

/** What was seen each second. */
export type Moment = { atMs: number; undecided: number | undefined };

export type ChaosResult = {
  requestLog: RequestLog;
  injected: readonly InjectedFault[];
  moments: readonly Moment[];
  purchases: readonly Purchase[];
  findings: readonly Finding[];
  /** How many orders ended in each status. */
  ends: Record<string, number>;
  decidedMs: Spread;
  loadMs: number;
};

const SETTLE_TIMEOUT_MS = 300_000;
const TELL_EVERY_MS = 250;

/** Runs the workload against a cluster in which everything fails as planned, waits until it is settled, and audits it. */
export async function runChaos(o: ChaosOptions): Promise<ChaosResult> {
  const { cluster, plan, random, signal } = o;
  const { auth, order } = cluster.pools;
  const fixtures = await createFixtures({
    ...{ gatewayUrl: cluster.gatewayUrl, auth, orders: order, shoppers: o.shoppers, expectedOrders: o.orders },
    random: random.fork('fixtures'),
  });
  const requestLog = newRequestLog();
  const purchases: Purchase[] = [];
  const injected: InjectedFault[] = [];
  const moments: Moment[] = [];
  const startedAt = performance.now();
  const now = () => performance.now() - startedAt;
  const shopping = {
    ...{ fixtures, purchases, signal, appetite: o.appetite ?? usualAppetite },
    client: createClient({ site: fixtures.site, requestLog, now }),
  };
  const watching = new AbortController();
  const accepted = () => purchases.reduce((sum, { orderId }) => sum + (orderId === undefined ? 0 : 1), 0);
  const tell = () => {
    const fault = injected.find(({ endedMs }) => endedMs === undefined);
    const where = { accepted: accepted(), orders: o.orders, seconds: now() / 1000, fault, faults: injected.length };
    o.tell({ phase: 'load', ...where });
  };
  const telling = setInterval(tell, TELL_EVERY_MS);
  const watched = watch(cluster, moments, now, watching.signal);
  let faultsOver = false;
  const faults = injectFaults(cluster, plan, { now, injected, signal }).finally(() => {
    faultsOver = true;
  });
  const goesOn = (visits: number) => visits < o.orders || now() < plan.durationMs || !faultsOver;
  await runLoad(shopping, random.fork('load'), { rate: o.rate, goesOn });
  await faults;
  clearInterval(telling);
  const loadMs = now();
  const system = systemOf(cluster, fixtures.admin);
  let findings: Finding[] = [];
  if (!signal.aborted) {
    o.tell({ phase: 'settling' });
    await waitUntilSettled(system, { patienceMs: o.patienceMs, timeoutMs: SETTLE_TIMEOUT_MS });
    o.tell({ phase: 'audit' });
    findings = await audit(system, expectationsOf(fixtures, purchases));
  }
  watching.abort();
  await watched;
  return { requestLog, injected, moments, purchases, findings, loadMs, ...(await endsOf(system)) };
}

function systemOf(cluster: Cluster, admin: Shopper): SystemUnderAudit {
  const { pools, recorder } = cluster;
  return {
    order: pools.order,
    product: pools.product,
    databases: new Map(Object.entries(pools)),
    get: async (path) => {
      const answer = await admin.call('GET', path);
      if (answer.status !== 200) throw new Error(`GET ${path} was answered ${answer.status}`);
      return answer.body;
    },
    events: { heard: recorder.heard, depths: recorder.depths },
  };
}

function expectationsOf(fixtures: Fixtures, purchases: readonly Purchase[]): Expectations {
  return {
    accepted: new Set(purchases.flatMap(({ orderId }) => orderId ?? [])),
    wanted: purchases,
    stock: new Map([...fixtures.hot, ...fixtures.scarce, ...fixtures.cold].map(({ sku, units }) => [sku, units])),
  };
}

/** Looks once a second how many orders are still to be decided. */
async function watch(cluster: Cluster, moments: Moment[], now: () => number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const atMs = now();
    const text = 'select count(*)::int as n from orders where due_at is not null';
    // A database that is away leaves a gap.
    const rows = await rowsOf<{ n: number }>(cluster.pools.order, text).catch(() => []);
    moments.push({ atMs, undecided: rows[0]?.n });
    await sleep(Math.max(0, 1000 - (now() - atMs)), undefined, { signal }).catch(() => undefined);
  }
}

async function endsOf(system: SystemUnderAudit): Promise<{ ends: Record<string, number>; decidedMs: Spread }> {
  const ends = await rowsOf<{ status: string; n: number }>(
    system.order,
    'select status, count(*)::int as n from orders group by status order by n desc',
  );
  const decided = await rowsOf<{ ms: number }>(
    system.order,
    `select extract(epoch from min(e.at) - o.created_at)::float8 * 1000 as ms from orders o
      join order_event e on e.order_id = o.id and e.status not in ('pending', 'reserved') group by o.id`,
  );
  return {
    ends: Object.fromEntries(ends.map(({ status, n }) => [status, n])),
    decidedMs: spreadOf(decided.map(({ ms }) => ms)),
  };
}
