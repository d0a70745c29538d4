import type { Db } from '@tradepost/postgres/db';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { COUNTED_AT_MOST, measureOutbox } from './backlog.ts';

export type RelayMetrics = {
  published: Counter<'type'>;
  failures: Counter;
  batch: Histogram;
};

/** The metrics of one relay; a registry takes them once. */
export function relayMetrics(registry: Registry, db: Db): RelayMetrics {
  const registers = [registry];
  const age = new Gauge({
    name: 'tradepost_outbox_oldest_seconds',
    help: 'Age of the oldest event in the outbox; 0 when it is empty',
    registers,
  });
  new Gauge({
    name: 'tradepost_outbox_events',
    help: `Events in the outbox, ${COUNTED_AT_MOST} at most`,
    registers,
    async collect() {
      try {
        const { events, oldestSeconds } = await measureOutbox(db);
        this.set(events);
        age.set(oldestSeconds);
      } catch {
        // While the database is unavailable the last values stand: a scrape that fails would hide every other metric as well.
      }
    },
  });
  return {
    published: new Counter({
      name: 'tradepost_events_published_total',
      help: 'Events that the broker confirmed',
      labelNames: ['type'],
      registers,
    }),
    failures: new Counter({
      name: 'tradepost_event_publish_failures_total',
      help: 'Attempts to publish an event that were not confirmed',
      registers,
    }),
    batch: new Histogram({
      name: 'tradepost_outbox_batch_events',
      help: 'Events published in one batch',
      buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
      registers,
    }),
  };
}
