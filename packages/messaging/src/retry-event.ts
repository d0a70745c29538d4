import { ProblemError } from '@tradepost/contracts/problem-error';
import { isTransient } from '@tradepost/postgres/pool';
import { backoffMs } from './backoff.ts';
import { commitEvents, type EventProcessorOptions, type ReceivedEvent } from './commit-events.ts';
import { storeDeadLetter } from './store-dead-letter.ts';
import { pause } from './wake-signal.ts';

/** Repeats one event, with growing delays, until it is handled or has had its attempts. */
export async function retryEvent(o: EventProcessorOptions, item: ReceivedEvent, firstError: unknown): Promise<void> {
  const { log, metrics, retry, stopping } = o;
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
        return storeDeadLetter(o, delivery, {
          eventId: event.id,
          type: event.type,
          event,
          error: describeError(err),
          attempts,
        });
      }
      log.warn({ err, eventId: event.id, type: event.type, attempts }, 'consumer: an event failed; retrying');
    }
    metrics.retries.inc({ type: event.type });
    await pause(backoffMs(retry.backoff, Math.max(1, attempts, passing)), stopping);
    if (stopping.aborted) return delivery.requeue();
    try {
      return await commitEvents(o, [item]);
    } catch (again) {
      err = again;
    }
  }
}

/** What an operator gets to read: the message and where it was thrown, and what had caused it. */
function describeError(err: unknown): string {
  if (!(err instanceof Error)) return String(err);
  const code = 'code' in err && typeof err.code === 'string' ? ` (${err.code})` : '';
  const cause = err.cause === undefined ? '' : `\ncaused by ${describeError(err.cause)}`;
  return `${err.stack ?? err.message}${code}${cause}`;
}
