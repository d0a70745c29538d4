import type { Shopper } from '@tradepost/testing/shopper';
import type { Cluster } from '../cluster/cluster-harness.ts';
import type { InjectedFault } from '../faults/schedule.ts';
import { type Spread, spreadOf } from '../report/request-figures.ts';
import type { Fixtures } from '../workload/fixtures.ts';
import type { RequestLog } from '../workload/request-log.ts';
import { articlesOf } from '../workload/workload.ts';
import { type Expectations, rowsOf, type SystemUnderAudit } from './system-under-audit.ts';

/** What of a cluster the audit reads. */
export function systemOf(cluster: Cluster, admin: Shopper): SystemUnderAudit {
  const { pools, recorder, mailServer } = cluster;
  return {
    order: pools.order,
    product: pools.product,
    databases: new Map(Object.entries(pools)),
    get: async (path) => {
      const answer = await admin.call('GET', path);
      if (answer.status !== 200) throw new Error(`GET ${path} was answered ${answer.status}`);
      return answer.body;
    },
    events: { recorded: recorder.recorded, depths: recorder.depths },
    mailsTaken: mailServer.taken,
  };
}

/** What the audit compares it with: what was answered in the run. */
export function expectationsOf(
  fixtures: Fixtures,
  requestLog: RequestLog,
  injected: readonly InjectedFault[],
): Expectations {
  const { purchases, carts, orderActions, bans, serverErrors } = requestLog;
  return {
    accepted: requestLog.acknowledged,
    wanted: purchases,
    stock: new Map(articlesOf(fixtures).map(({ sku, units }) => [sku, units])),
    ...{ carts, orderActions, bans, serverErrors },
    hasPaymentMessages: true,
    hasInvoices: true,
    disturbances: injected.map(({ startedMs, endedMs }) => ({
      startedMs,
      endedMs: endedMs ?? Number.POSITIVE_INFINITY,
    })),
  };
}

/** How the orders of the run ended. */
export async function endsOf(system: SystemUnderAudit): Promise<{ ends: Record<string, number>; decidedMs: Spread }> {
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
