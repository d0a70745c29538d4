import { type Backoff, backoffMs } from './backoff.ts';
import type { EventProcessorOptions } from './commit-events.ts';
import { type DeadLetter, insertDeadLetter } from './dead-letters.ts';
import type { Delivery } from './transport.ts';
import { pause } from './wake-signal.ts';

/** For a database that cannot store the letter yet. */
const DEAD_LETTER_BACKOFF: Backoff = { firstMs: 250, maxMs: 30_000 };

/** Stores a dead letter and acknowledges its delivery; tries again until it has succeeded or the service stops. */
export async function storeDeadLetter(
  o: EventProcessorOptions,
  delivery: Delivery,
  letter: Omit<DeadLetter, 'parkedAt'>,
): Promise<void> {
  const { log, metrics, pool, stopping } = o;
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
