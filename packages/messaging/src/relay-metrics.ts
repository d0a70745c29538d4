import { type Db, sql } from '@tradepost/postgres/db';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type RelayMetrics = {
  published: Counter<'type'>;
  failures: Counter;
  batch: Histogram;
};

/** Counting stops here: a number that large says enough, and is read on every scrape. */
const MAX_DEPTH = 10_000;

const measure = sql(
  'relay.measure',
  `select count(*)::int as depth, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as age
   from (select created_at from outbox order by id limit ${MAX_DEPTH}) as oldest`,
);

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
    help: `Events in the outbox, ${MAX_DEPTH} at most`,
    registers,
    async collect() {
      try {
        const { rows } = await db.query<{ depth: number; age: number }>(measure());
        this.set(rows[0]?.depth ?? 0);
        age.set(rows[0]?.age ?? 0);
      } catch {
        // With the database away the last values stand: a scrape that fails would hide every other metric as well.
      }
    },
  });
  return {
    published: new Counter({
      name: 'tradepost_events_published_total',
      help: 'Events that the broker has confirmed',
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
      help: 'Events that were published together',
      buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
      registers,
    }),
  };
}
