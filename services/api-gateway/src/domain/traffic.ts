import { upstreamNames } from './routing.ts';

/** Who answered: a service, or the gateway by itself. */
export const serviceNames = ['api-gateway', ...upstreamNames] as const;
export type ServiceName = (typeof serviceNames)[number];

/**
 * The upper ends of the buckets that latencies are counted in, in milliseconds; the last bucket has none. Samples that
 * are stored count by these, so they are never changed in place.
 */
export const LATENCY_ENDS = [
  1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 2000, 5000, 10_000,
] as const;
export const LATENCY_BUCKETS = LATENCY_ENDS.length + 1;

/** How long one sample lasts. */
export const SAMPLE_MS = 10_000;

/** What passed in a time. */
export type Traffic = {
  requests: number;
  /** Answered 4xx. */
  refused: number;
  /** Answered 5xx, or not at all. */
  failed: number;
  /** Answers by latency, one count for each bucket. */
  latency: number[];
};

/** What one instance saw pass in the `SAMPLE_MS` from `at`. */
export type TrafficSample = Traffic & { at: Date; service: ServiceName };

export const emptyTraffic = (): Traffic => ({
  requests: 0,
  refused: 0,
  failed: 0,
  latency: new Array<number>(LATENCY_BUCKETS).fill(0),
});

/** Counts one request; `milliseconds` undefined: it waited because it was asked to, which says nothing of the service. */
export function countRequest(traffic: Traffic, status: number, milliseconds: number | undefined): void {
  traffic.requests += 1;
  if (status >= 500) traffic.failed += 1;
  else if (status >= 400) traffic.refused += 1;
  if (milliseconds === undefined) return;
  const bucket = bucketOf(milliseconds);
  traffic.latency[bucket] = (traffic.latency[bucket] ?? 0) + 1;
}

/** From the front, since most answers are quick. */
function bucketOf(milliseconds: number): number {
  let bucket = 0;
  for (const end of LATENCY_ENDS) {
    if (milliseconds <= end) return bucket;
    bucket += 1;
  }
  return bucket;
}

/**
 * The latency that a share of the answers stayed within, in milliseconds, as if they lay evenly in their bucket; null
 * where there was none. A latency beyond the last end is reported as that end.
 */
export function percentile(latency: readonly number[], share: number): number | null {
  const total = latency.reduce((sum, one) => sum + one, 0);
  if (total === 0) return null;
  let left = share * total;
  let start = 0;
  for (const [bucket, end] of LATENCY_ENDS.entries()) {
    const here = latency[bucket] ?? 0;
    if (here > 0 && left <= here) return Math.round((start + (end - start) * (left / here)) * 10) / 10;
    left -= here;
    start = end;
  }
  return start;
}
