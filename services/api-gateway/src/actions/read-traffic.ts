import type { Db } from '@tradepost/postgres/db';
import { type TimeWindow, timeWindow } from '@tradepost/runtime/time-window';
import { LATENCY_BUCKETS, percentile, type ServiceName, serviceNames } from '../domain/traffic.ts';
import { countInstances, sumTraffic, type TrafficInStep } from '../store/traffic-samples.ts';

/** How long after its end a sample is written at the latest, while the database is there. */
const WRITTEN_WITHIN_MS = 4_000;
const RECENT_MS = 60_000;

/** What one answerer did: per step, and in all. */
export type ServiceTraffic = {
  service: ServiceName;
  requests: number[];
  refused: number[];
  failed: number[];
  p50: (number | null)[];
  p95: (number | null)[];
  p99: (number | null)[];
  total: {
    requests: number;
    refused: number;
    failed: number;
    p50: number | null;
    p95: number | null;
    p99: number | null;
  };
};

export type TrafficReport = { window: TimeWindow; instances: number; services: ServiceTraffic[] };

/** What passed in the last minutes, through all instances of the gateway. */
export async function readTraffic(db: Db, minutes: number, now: Date): Promise<TrafficReport> {
  const window = timeWindow(minutes, new Date(now.getTime() - WRITTEN_WITHIN_MS));
  const [found, instances] = await Promise.all([
    sumTraffic(db, window),
    countInstances(db, new Date(now.getTime() - RECENT_MS)),
  ]);
  return {
    window,
    instances,
    services: serviceNames.map((service) =>
      report(
        service,
        window,
        found.filter((one) => one.service === service),
      ),
    ),
  };
}

function report(service: ServiceName, { steps }: TimeWindow, found: readonly TrafficInStep[]): ServiceTraffic {
  const byStep = new Map(found.map((one) => [one.step, one]));
  const each = Array.from({ length: steps }, (_, step) => byStep.get(step));
  const counts = (of: (one: TrafficInStep) => number) => each.map((one) => (one ? of(one) : 0));
  const latencies = (share: number) => each.map((one) => (one ? percentile(one.latency, share) : null));
  const sum = (of: (one: TrafficInStep) => number) => found.reduce((total, one) => total + of(one), 0);
  const latency = Array.from({ length: LATENCY_BUCKETS }, (_, bucket) => sum((one) => one.latency[bucket] ?? 0));
  return {
    service,
    requests: counts((one) => one.requests),
    refused: counts((one) => one.refused),
    failed: counts((one) => one.failed),
    p50: latencies(0.5),
    p95: latencies(0.95),
    p99: latencies(0.99),
    total: {
      requests: sum((one) => one.requests),
      refused: sum((one) => one.refused),
      failed: sum((one) => one.failed),
      p50: percentile(latency, 0.5),
      p95: percentile(latency, 0.95),
      p99: percentile(latency, 0.99),
    },
  };
}
