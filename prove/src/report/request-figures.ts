import { type RequestKind, requestKinds, type Sample } from '../workload/request-log.ts';

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

/** The figures of each kind of request, in the order of `requestKinds`. */
export const figuresByKind = (samples: readonly Sample[]): KindFigures[] =>
  requestKinds.map((kind) => figuresOfKind(kind, samples));

function figuresOfKind(kind: RequestKind, samples: readonly Sample[]): KindFigures {
  const own = samples.filter((sample) => sample.kind === kind);
  return { kind, ...requestsOf(own), ms: spreadOf(own.map(({ tookMs }) => tookMs)) };
}
