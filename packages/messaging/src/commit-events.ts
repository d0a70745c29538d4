import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import type { Backoff } from './backoff.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { type Handlers, handleEvents } from './handlers.ts';
import { traceBatch } from './trace-batch.ts';
import type { Delivery } from './transport.ts';

/** A delivery and the event that was read from it. */
export type ReceivedEvent = { delivery: Delivery; event: CloudEvent };

/** What the events of one service are handled with. */
export type EventProcessorOptions = {
  service: string;
  pool: Pool;
  handlers: Handlers;
  log: Logger;
  metrics: ConsumerMetrics;
  /** Waits until the database answers. */
  waitForDatabase: () => Promise<void>;
  stopping: AbortSignal;
  retry: { attempts: number; backoff: Backoff };
};

/** One transaction; the deliveries are acknowledged once it has committed. */
export async function commitEvents(o: EventProcessorOptions, items: readonly ReceivedEvent[]): Promise<void> {
  const { metrics, pool } = o;
  const measured = metrics.seconds.startTimer();
  const events = items.map(({ event }) => event);
  const fresh = await traceBatch(o.service, events, (traced) =>
    pool.transaction((tx) => handleEvents(tx, o.handlers, traced)),
  );
  measured();
  for (const { delivery } of items) delivery.ack();
  metrics.batch.observe(items.length);
  const isNew = new Set(fresh.map(({ id }) => id));
  for (const { id, type } of events) (isNew.delete(id) ? metrics.handled : metrics.duplicates).inc({ type });
}
