import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { isTransient, type Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import { type Backoff, backoffMs } from './backoff.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { type DeadLetter, insertDeadLetter } from './dead-letters.ts';
import { type Handlers, handleEvents } from './handlers.ts';
import { traceBatch } from './trace-batch.ts';
import type { Delivery } from './transport.ts';
import { pause } from './wake-signal.ts';

/** A delivery and the event that was read from it. */
export type ReceivedEvent = { delivery: Delivery; event: CloudEvent };

/** What is done with events once they have been read. Nothing here rejects. */
export type EventProcessor = {
  /** Handles a batch; resolves when each of it has been handled or is being retried in the background. */
  handle(batch: readonly ReceivedEvent[]): Promise<void>;
  /** Stores a dead letter and acknowledges; goes on until it has succeeded. */
  deadLetter(delivery: Delivery, letter: Omit<DeadLetter, 'parkedAt'>): void;
  /** Resolves when nothing is being retried or stored as a dead letter. */
  finished(): Promise<void>;
};

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

/** A batch that meets a passing error so often with the database there is gone through one by one. */
const BATCH_TRIES = 3;
const DEAD_LETTER_BACKOFF: Backoff = { firstMs: 250, maxMs: 30_000 };

// Long: handling, retries and dead letters call each other and share the set of background work
export function startEventProcessor(o: EventProcessorOptions): EventProcessor {
  const { pool, log, metrics, stopping, retry } = o;
  /** Retries and dead letters, which do not hold up the batches. */
  const background = new Set<Promise<void>>();

  function runInBackground(task: Promise<void>): void {
    const tracked = task.finally(() => background.delete(tracked));
    background.add(tracked);
  }

  /** One transaction; the deliveries are acknowledged once it has committed. */
  async function commit(items: readonly ReceivedEvent[]): Promise<void> {
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

  async function handle(batch: readonly ReceivedEvent[]): Promise<void> {
    if (batch.length === 0) return;
    for (let tries = 1; !stopping.aborted; tries++) {
      try {
        return await commit(batch);
      } catch (err) {
        if (!isTransient(err) || tries >= BATCH_TRIES) return handleOneByOne(batch, err);
        await o.waitForDatabase();
      }
    }
    requeueAll(batch);
  }

  async function handleOneByOne(batch: readonly ReceivedEvent[], err: unknown): Promise<void> {
    const [only] = batch;
    if (only && batch.length === 1) return runInBackground(retryEvent(only, err));
    log.warn({ err, events: batch.length }, 'consumer: a batch failed; handling its events one by one');
    for (const item of batch) {
      if (stopping.aborted) requeueAll([item]);
      else await commit([item]).catch((reason) => runInBackground(retryEvent(item, reason)));
    }
  }

  /** Repeats one event, with growing delays, until it is handled or has had its attempts. */
  async function retryEvent(item: ReceivedEvent, firstError: unknown): Promise<void> {
    const { event, delivery } = item;
    let attempts = 0;
    let passing = 0;
    for (let err = firstError; ; ) {
      if (isTransient(err)) {
        passing++;
        await o.waitForDatabase();
      } else {
        attempts++;
        if (err instanceof ProblemError || attempts >= retry.attempts) {
          return storeDeadLetter(delivery, {
            eventId: event.id,
            type: event.type,
            event,
            error: describe(err),
            attempts,
          });
        }
        log.warn({ err, eventId: event.id, type: event.type, attempts }, 'consumer: an event failed; retrying');
      }
      metrics.retries.inc({ type: event.type });
      await pause(backoffMs(retry.backoff, Math.max(1, attempts, passing)), stopping);
      if (stopping.aborted) return delivery.requeue();
      try {
        return await commit([item]);
      } catch (again) {
        err = again;
      }
    }
  }

  async function storeDeadLetter(delivery: Delivery, letter: Omit<DeadLetter, 'parkedAt'>): Promise<void> {
    const { eventId, type, error, attempts } = letter;
    for (let failures = 1; !stopping.aborted; failures++) {
      try {
        const isNew = await insertDeadLetter(pool, letter);
        delivery.ack();
        if (isNew) metrics.parked.inc({ type: attempts === 0 ? 'unreadable' : type });
        if (isNew) log.error({ eventId, type, error, attempts }, 'consumer: an event was dead-lettered');
        return;
      } catch (err) {
        log.warn({ err, eventId, type }, 'consumer: a dead letter could not be stored yet');
        await pause(backoffMs(DEAD_LETTER_BACKOFF, failures), stopping);
      }
    }
    delivery.requeue();
  }

  return {
    handle,
    deadLetter: (delivery, letter) => runInBackground(storeDeadLetter(delivery, letter)),
    finished: async () => {
      while (background.size > 0) await Promise.all(background);
    },
  };
}

function requeueAll(items: readonly ReceivedEvent[]): void {
  for (const { delivery } of items) delivery.requeue();
}

/** What an operator gets to read: the message and where it was thrown, and what had caused it. */
function describe(err: unknown): string {
  if (!(err instanceof Error)) return String(err);
  const code = 'code' in err && typeof err.code === 'string' ? ` (${err.code})` : '';
  const cause = err.cause === undefined ? '' : `\ncaused by ${describe(err.cause)}`;
  return `${err.stack ?? err.message}${code}${cause}`;
}
