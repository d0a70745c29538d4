import { isTransient } from '@tradepost/postgres/pool';
import { commitEvents, type EventProcessorOptions, type ReceivedEvent } from './commit-events.ts';
import type { DeadLetter } from './dead-letters.ts';
import { retryEvent } from './retry-event.ts';
import { storeDeadLetter } from './store-dead-letter.ts';
import type { Delivery } from './transport.ts';

/** What is done with events once they have been read. Nothing here rejects. */
export type EventProcessor = {
  /** Handles a batch; resolves when each of it has been handled or is being retried in the background. */
  handle(batch: readonly ReceivedEvent[]): Promise<void>;
  /** Stores a dead letter and acknowledges; goes on until it has succeeded. */
  deadLetter(delivery: Delivery, letter: Omit<DeadLetter, 'parkedAt'>): void;
  /** Resolves when nothing is being retried or stored as a dead letter. */
  finished(): Promise<void>;
};

/** A batch that meets a passing error so often with the database there is gone through one by one. */
const BATCH_TRIES = 3;

/** Handles the events of one service in batches; retries and dead letters go on beside them. */
export function startEventProcessor(o: EventProcessorOptions): EventProcessor {
  const { log, stopping } = o;
  /** Retries and dead letters, which do not hold up the batches. */
  const background = new Set<Promise<void>>();

  function runInBackground(task: Promise<void>): void {
    const tracked = task.finally(() => background.delete(tracked));
    background.add(tracked);
  }

  async function handle(batch: readonly ReceivedEvent[]): Promise<void> {
    if (batch.length === 0) return;
    for (let tries = 1; !stopping.aborted; tries++) {
      try {
        return await commitEvents(o, batch);
      } catch (err) {
        if (!isTransient(err) || tries >= BATCH_TRIES) return handleOneByOne(batch, err);
        await o.waitForDatabase();
      }
    }
    requeueAll(batch);
  }

  async function handleOneByOne(batch: readonly ReceivedEvent[], err: unknown): Promise<void> {
    const [only] = batch;
    if (only && batch.length === 1) return runInBackground(retryEvent(o, only, err));
    log.warn({ err, events: batch.length }, 'consumer: a batch failed; handling its events one by one');
    for (const item of batch) {
      if (stopping.aborted) requeueAll([item]);
      else await commitEvents(o, [item]).catch((reason) => runInBackground(retryEvent(o, item, reason)));
    }
  }

  return {
    handle,
    deadLetter: (delivery, letter) => runInBackground(storeDeadLetter(o, delivery, letter)),
    finished: async () => {
      while (background.size > 0) await Promise.all(background);
    },
  };
}

function requeueAll(items: readonly ReceivedEvent[]): void {
  for (const { delivery } of items) delivery.requeue();
}
