import type { Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Backoff } from './backoff.ts';
import type { ReceivedEvent } from './commit-events.ts';
import { consumerMetrics } from './consumer-metrics.ts';
import { createDatabaseAvailability } from './database-availability.ts';
import { type EventProcessor, startEventProcessor } from './event-processor.ts';
import { type Handlers, hasHandler } from './handlers.ts';
import { pruneInboxRegularly } from './inbox-retention.ts';
import { lingerMsAfter } from './linger.ts';
import { createEventReader } from './read-event.ts';
import type { Delivery, Transport } from './transport.ts';
import { pause, settlesWithin } from './wake-signal.ts';

export type { Handlers } from './handlers.ts';

export type ConsumerOptions = {
  /** Whose queue it is; named in the topology. */
  service: string;
  pool: Pool;
  transport: Transport;
  handlers: Handlers;
  log: Logger;
  /** The service's own registry. */
  metrics: Registry;
  retry?: RetryOptions;
  /** Events handled in one transaction, at most; 100. */
  batchSize?: number;
  /** Deliveries in the air, at most: those being handled and those waiting for another attempt; 400. */
  prefetch?: number;
  /** How long after the end of a batch the next one begins at most, in milliseconds; 20. Less after a small one (`linger.ts`). */
  lingerMs?: number;
  /** How long `stop` waits for what is being handled, in milliseconds; 10,000. */
  stopTimeoutMs?: number;
};

export type RetryOptions = {
  /** Attempts before an event is dead-lettered; 8, which takes about half a minute. */
  attempts?: number;
  /** From 250 ms to 30 s. */
  backoff?: Backoff;
};

/** Handles the events of one service. */
export type Consumer = {
  /** Takes no more, finishes and acknowledges what is being handled, within a bound, and gives the rest back. */
  stop(): Promise<void>;
};

/**
 * Handles the events that the topology gives to a service: each once in effect, however often it is delivered. It
 * takes what is there, up to a batch, in one transaction; acknowledges after the commit; on an error goes through
 * the batch one by one, repeats what failed with growing delays beside the rest, and finally stores it in
 * `dead_letter`. What cannot be read is dead-lettered at once. While the database is unavailable everything waits and nothing counts
 * as an attempt. Throws if a handler is given for a type that the topology does not give to the service.
 */
export async function startConsumer(o: ConsumerOptions): Promise<Consumer> {
  assertRouted(o);
  const stopping = new AbortController();
  const work = startEventProcessor({
    ...o,
    metrics: consumerMetrics(o.metrics, o.pool),
    waitForDatabase: createDatabaseAvailability({ pool: o.pool, log: o.log, stopping: stopping.signal }),
    stopping: stopping.signal,
    retry: { attempts: 8, backoff: { firstMs: 250, maxMs: 30_000 }, ...o.retry },
  });
  const intake = takeIn(o, work, stopping.signal);
  const subscription = await o.transport.subscribe({ service: o.service, prefetch: o.prefetch ?? 400 }, intake.take);
  const retention = pruneInboxRegularly(o.pool, o.log);

  async function stop(): Promise<void> {
    stopping.abort();
    await subscription.pause();
    const finished = Promise.all([intake.finished(), work.finished(), retention.stop()]);
    if (!(await settlesWithin(o.stopTimeoutMs ?? 10_000, finished))) {
      o.log.warn('consumer: stopped before all handlers had finished; their events will be delivered again');
    }
    await subscription.close();
  }
  let stopped: Promise<void> | undefined;
  return {
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

function assertRouted(o: ConsumerOptions): void {
  const routed = o.transport.topology[o.service]?.queue ?? [];
  for (const type of Object.keys(o.handlers)) {
    if (!routed.some((one) => one === type)) throw new Error(`The topology does not give ${type} to ${o.service}`);
  }
  const ignored = routed.filter((type) => !hasHandler(o.handlers, type));
  if (ignored.length > 0)
    o.log.warn({ types: ignored }, 'consumer: events of these types have no handler and are ignored');
}

/** Connections are lost and processes are stopped in operation, too; a few lost deliveries say nothing about an event. */
const SUSPECT_AFTER = 3;

/** Sorts what arrives and has it handled in batches, one after the other. */
function takeIn(o: ConsumerOptions, work: EventProcessor, stopping: AbortSignal) {
  const { handlers, batchSize = 100, lingerMs = 20 } = o;
  const read = createEventReader();
  const waiting: Delivery[] = [];
  let pumping: Promise<void> | undefined;

  /** Deals with everything but handling, and returns what is to be handled. */
  function sort(deliveries: readonly Delivery[]): ReceivedEvent[] {
    const batch: ReceivedEvent[] = [];
    for (const delivery of deliveries) {
      const found = read(delivery.body);
      if ('unreadable' in found) {
        const { id, type, reason } = found.unreadable;
        work.deadLetter(delivery, { eventId: id, type, event: delivery.body, error: reason, attempts: 0 });
      } else if (delivery.deliveryLimitReason !== undefined) {
        const { id, type } = found.event;
        work.deadLetter(delivery, {
          eventId: id,
          type,
          event: delivery.body,
          error: delivery.deliveryLimitReason,
          attempts: 0,
        });
      } else if (hasHandler(handlers, found.event.type)) {
        batch.push({ delivery, event: found.event });
      } else {
        delivery.ack();
      }
    }
    return batch;
  }

  async function pump(): Promise<void> {
    // What came in the same packet is delivered one by one; all of it makes the first batch.
    await new Promise(setImmediate);
    while (waiting.length > 0 && !stopping.aborted) {
      const deliveries = waiting.splice(0, batchSize);
      await handleSuspectsLast(work, sort(deliveries));
      await pause(lingerMsAfter(deliveries.length, lingerMs), stopping);
    }
    // What is left when stopping goes back with the end of the subscription.
    pumping = undefined;
  }

  return {
    take(deliveries: Delivery[]): void {
      for (const delivery of deliveries) waiting.push(delivery);
      if (!stopping.aborted) pumping ??= pump();
    },
    finished: () => pumping ?? Promise.resolve(),
  };
}

/**
 * An event that ends the process takes those with it that are handled beside it. So events whose deliveries were lost again and again
 * are handled after all others, each alone, in another order each time: all but the one at fault get their turn before the
 * broker gives up on them.
 */
async function handleSuspectsLast(work: EventProcessor, batch: readonly ReceivedEvent[]): Promise<void> {
  const isSuspect = ({ delivery }: ReceivedEvent) => delivery.lostDeliveries >= SUSPECT_AFTER;
  const suspects = batch.filter(isSuspect).map((one) => ({ one, at: Math.random() }));
  await work.handle(suspects.length === 0 ? batch : batch.filter((one) => !isSuspect(one)));
  for (const { one } of suspects.sort((a, b) => a.at - b.at)) await work.handle([one]);
}
