import type { Moment } from '../undecided-orders.ts';
import type { Sample } from '../workload/request-log.ts';
import { percentile } from './request-figures.ts';

/** What happened within one stretch of time. */
export type Bucket = {
  atMs: number;
  /** Orders that were asked for, and that were accepted, a second; by when they were begun. */
  begun: number;
  accepted: number;
  /** How long an order took to be accepted, in milliseconds; undefined where there was none. */
  p50: number | undefined;
  p99: number | undefined;
  /** Requests of any kind whose first attempt failed, and those that were not answered in the end, a second. */
  failed: number;
  inVain: number;
  /** Orders still to be decided, at the most; undefined where the database was unavailable. */
  undecided: number | undefined;
};

/** About as many points as a chart has room for. */
const POINTS = 400;

/** The samples of a run by the time at which they were begun, in stretches of whole seconds. */
export function bucketsOf(samples: readonly Sample[], moments: readonly Moment[], totalMs: number): Bucket[] {
  const seconds = Math.max(1, Math.ceil(totalMs / 1000 / POINTS));
  const widthMs = seconds * 1000;
  const count = Math.ceil(totalMs / widthMs);
  const grouped = Map.groupBy(samples, ({ startedMs }) => Math.floor(startedMs / widthMs));
  const seen = Map.groupBy(moments, ({ atMs }) => Math.floor(atMs / widthMs));
  return Array.from({ length: count }, (_, n) => {
    const own = grouped.get(n) ?? [];
    const orders = own.filter(({ kind }) => kind === 'order' || kind === 'checkout');
    const accepted = orders.filter(({ answered }) => answered);
    const took = accepted.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
    const depths = (seen.get(n) ?? []).flatMap(({ undecided }) => undecided ?? []);
    return {
      atMs: n * widthMs,
      begun: orders.length / seconds,
      accepted: accepted.length / seconds,
      p50: took.length > 0 ? percentile(took, 50) : undefined,
      p99: took.length > 0 ? percentile(took, 99) : undefined,
      failed: own.filter(({ answeredAtOnce }) => !answeredAtOnce).length / seconds,
      inVain: own.filter(({ answered }) => !answered).length / seconds,
      undecided: depths.length > 0 ? Math.max(...depths) : undefined,
    };
  });
}
