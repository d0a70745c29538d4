import { type Db, sql } from '@tradepost/postgres/db';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type ConsumerMetrics = {
  handled: Counter<'type'>;
  duplicates: Counter<'type'>;
  retries: Counter<'type'>;
  parked: Counter<'type'>;
  batch: Histogram;
  seconds: Histogram;
};

const count = sql('dead_letter.count', 'select count(*)::int as letters from dead_letter');

/** The metrics of one consumer; a registry takes them once. */
export function consumerMetrics(registry: Registry, db: Db): ConsumerMetrics {
  const registers = [registry];
  new Gauge({
    name: 'tradepost_dead_letters',
    help: 'Events that could not be handled and wait for an operator',
    registers,
    async collect() {
      try {
        const { rows } = await db.query<{ letters: number }>(count());
        this.set(rows[0]?.letters ?? 0);
      } catch {
        // While the database is unavailable the last value stands: a scrape that fails would hide every other metric as well.
      }
    },
  });
  const perType = (name: string, help: string) => new Counter({ name, help, labelNames: ['type'], registers });
  return {
    handled: perType('tradepost_events_handled_total', 'Events that took effect'),
    duplicates: perType('tradepost_events_duplicate_total', 'Events that came again after they had taken effect'),
    retries: perType('tradepost_event_retries_total', 'Attempts to handle an event that failed and are repeated'),
    parked: perType('tradepost_events_parked_total', 'Events that were stored as dead letters'),
    batch: new Histogram({
      name: 'tradepost_event_batch_events',
      help: 'Events handled in one transaction',
      buckets: [1, 2, 5, 10, 25, 50, 100],
      registers,
    }),
    seconds: new Histogram({
      name: 'tradepost_event_batch_seconds',
      help: 'Duration of the transaction of a batch',
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    }),
  };
}
