import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { Refusal } from '@tradepost/contracts/refusal';
import { isTransient, type Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import { pause } from './alarm.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { type DeadLetter, parkDeadLetter } from './dead-letters.ts';
import { type Handlers, handleEvents } from './handlers.ts';
import { traceBatch } from './trace-batch.ts';
import type { Delivery } from './transport.ts';

/** A delivery and the event that was read from it. */
export type Item = { delivery: Delivery; event: CloudEvent };

/** What is done with events once they have been read. Nothing here rejects. */
export type EventWork = {
  /** Handles a batch; resolves when each of it has been handled or is being tried again beside. */
  handle(batch: readonly Item[]): Promise<void>;
  /** Stores a dead letter and acknowledges; goes on until it has succeeded. */
  park(delivery: Delivery, letter: Omit<DeadLetter, 'parkedAt'>): void;
  /** Resolves when nothing is being tried again or parked. */
  finished(): Promise<void>;
};

export type EventWorkOptions = {
  service: string;
  pool: Pool;
  handlers: Handlers;
  log: Logger;
  metrics: ConsumerMetrics;
  /** Waits until the database answers. */
  databaseBack: () => Promise<void>;
  stopping: AbortSignal;
  retry: { attempts: number; backoff: Backoff };
};

/** A batch that meets a passing error so often with the database there is gone through one by one. */
const BATCH_TRIES = 3;
const PARK_BACKOFF: Backoff = { firstMs: 250, maxMs: 30_000 };

export function workOnEvents(o: EventWorkOptions): EventWork {
  const { pool, log, metrics, stopping, retry } = o;
  /** What goes on beside the batches. */
  const beside = new Set<Promise<void>>();

  function goOnBeside(task: Promise<void>): void {
    const tracked = task.finally(() => beside.delete(tracked));
    beside.add(tracked);
  }

  /** One transaction; the deliveries are acknowledged once it has committed. */
  async function commit(items: readonly Item[]): Promise<void> {
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

  async function handle(batch: readonly Item[]): Promise<void> {
    if (batch.length === 0) return;
    for (let tries = 1; !stopping.aborted; tries++) {
      try {
        return await commit(batch);
      } catch (err) {
        if (!isTransient(err) || tries >= BATCH_TRIES) return oneByOne(batch, err);
        await o.databaseBack();
      }
    }
    giveBack(batch);
  }

  async function oneByOne(batch: readonly Item[], err: unknown): Promise<void> {
    const [only] = batch;
    if (only && batch.length === 1) return goOnBeside(tryAgain(only, err));
    log.warn({ err, events: batch.length }, 'consumer: a batch failed; going through it one by one');
    for (const item of batch) {
      if (stopping.aborted) giveBack([item]);
      else await commit([item]).catch((reason) => goOnBeside(tryAgain(item, reason)));
    }
  }

  /** Repeats one event, with growing delays, until it is handled or has had its attempts. */
  async function tryAgain(item: Item, firstError: unknown): Promise<void> {
    const { event, delivery } = item;
    let attempts = 0;
    let passing = 0;
    for (let err = firstError; ; ) {
      if (isTransient(err)) {
        passing++;
        await o.databaseBack();
      } else {
        attempts++;
        if (err instanceof Refusal || attempts >= retry.attempts) {
          return store(delivery, { eventId: event.id, type: event.type, event, error: describe(err), attempts });
        }
        log.warn({ err, eventId: event.id, type: event.type, attempts }, 'consumer: an event failed; trying it again');
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

  async function store(delivery: Delivery, letter: Omit<DeadLetter, 'parkedAt'>): Promise<void> {
    const { eventId, type, error, attempts } = letter;
    for (let failures = 1; !stopping.aborted; failures++) {
      try {
        const isNew = await parkDeadLetter(pool, letter);
        delivery.ack();
        if (isNew) metrics.parked.inc({ type: attempts === 0 ? 'unreadable' : type });
        if (isNew) log.error({ eventId, type, error, attempts }, 'consumer: an event was parked');
        return;
      } catch (err) {
        log.warn({ err, eventId, type }, 'consumer: an event could not be parked yet');
        await pause(backoffMs(PARK_BACKOFF, failures), stopping);
      }
    }
    delivery.requeue();
  }

  return {
    handle,
    park: (delivery, letter) => goOnBeside(store(delivery, letter)),
    finished: async () => {
      while (beside.size > 0) await Promise.all(beside);
    },
  };
}

function giveBack(items: readonly Item[]): void {
  for (const { delivery } of items) delivery.requeue();
}

/** What an operator gets to read: the message and where it was thrown, and what had caused it. */
function describe(err: unknown): string {
  if (!(err instanceof Error)) return String(err);
  const code = 'code' in err && typeof err.code === 'string' ? ` (${err.code})` : '';
  const cause = err.cause === undefined ? '' : `\ncaused by ${describe(err.cause)}`;
  return `${err.stack ?? err.message}${code}${cause}`;
}
