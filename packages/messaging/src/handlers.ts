import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventType } from '@tradepost/contracts/events';
import type { Tx } from '@tradepost/postgres/db';
import { claim } from '@tradepost/postgres/inbox';

/**
 * What a service does about each type of event. A handler is called with the events of its type in a batch that were
 * not handled before, in order of arrival, inside the transaction that also records them as handled. It must expect any order,
 * and may be called again with the same events when that transaction did not commit. To refuse an event for good it throws
 * a `ProblemError`; any other error is tried again. What it writes to the outbox carries the cause's `event.traceparent` on.
 * Types that share one handler (the very same function) are handed to it together, in order of arrival.
 */
export type Handlers = { [T in EventType]?: (tx: Tx, events: CloudEvent<T>[]) => Promise<void> };

/** Claims events in the inbox, hands those that are new to their handlers, and returns them. */
export async function handleEvents(tx: Tx, handlers: Handlers, events: readonly CloudEvent[]): Promise<CloudEvent[]> {
  const fresh = await claim(tx, events);
  // The list holds events of the handler's types only, which the compiler cannot follow through the union.
  type Handler = ((tx: Tx, events: CloudEvent[]) => Promise<void>) | undefined;
  for (const [handler, list] of Map.groupBy(fresh, (event) => handlers[event.type] as Handler)) {
    await handler?.(tx, list);
  }
  return fresh;
}

/** Whether a service does anything about events of a type. */
export function hasHandler(handlers: Handlers, type: EventType): boolean {
  return handlers[type] !== undefined;
}
