import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventType } from '@tradepost/contracts/events';
import type { Logger } from 'pino';
import { createEventReader } from './read-event.ts';
import type { Subscription, Transport } from './transport.ts';

/** What an instance does with an event. Synchronous: it only drops cached data. */
export type BroadcastHandlers = { [T in EventType]?: (event: CloudEvent<T>) => void };

/**
 * Hears the events that the topology broadcasts to every instance of a service. There is no inbox and nothing is kept:
 * an event may come twice, and those of a time without a connection not at all. `onGap` is called whenever that may have
 * been so, the first time included: forget everything then. Throws if the topology does not broadcast a type to the service.
 */
export async function startBroadcast(o: {
  service: string;
  transport: Transport;
  handlers: BroadcastHandlers;
  onGap: () => void;
  log: Logger;
}): Promise<{ stop(): Promise<void> }> {
  const { service, transport, handlers, log } = o;
  const routed = transport.topology[service]?.broadcast ?? [];
  for (const type of Object.keys(handlers)) {
    if (!routed.some((one) => one === type)) throw new Error(`The topology does not broadcast ${type} to ${service}`);
  }
  const read = createEventReader();
  const onMessage = (body: unknown) => {
    const found = read(body);
    if ('unreadable' in found) {
      log.error({ ...found.unreadable }, 'broadcast: an unreadable event was ignored');
      return;
    }
    const { event } = found;
    // A handler takes events of its own type, which the compiler cannot follow through the union.
    const handler = handlers[event.type] as ((event: CloudEvent) => void) | undefined;
    try {
      handler?.(event);
    } catch (err) {
      log.error({ err, eventId: event.id, type: event.type }, 'broadcast: a handler failed');
    }
  };
  const subscription: Subscription = await transport.listen({ service }, onMessage, o.onGap);
  return { stop: () => subscription.close() };
}
