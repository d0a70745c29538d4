import type { Logger } from 'pino';
import type { Channel, Connection } from 'rabbitmq-client';
import type { EncodedEvent } from './encoded-event.ts';
import { watchBatchConsumers } from './rabbit-batch-consumers.ts';
import { BATCH_CONTENT_TYPE, batchBody, batchKey, EVENT_CONTENT_TYPE, groupIntoBatches } from './rabbit-batches.ts';
import { declareTopology, type RabbitTopology } from './rabbit-topology.ts';
import { openReconnectingChannel } from './reconnecting-channel.ts';

export type RabbitPublisher = {
  publish(events: readonly EncodedEvent[]): Promise<boolean>[];
  ready(): boolean;
  close(): Promise<void>;
};

/**
 * A confirm that has not come after this long is not waited for any longer: the channel is closed, and what it had
 * open counts as not confirmed. A queue without a majority of its nodes may keep one waiting so.
 */
const CONFIRM_MS = 60_000;

/**
 * Publishes on one confirming channel of a connection that is used for nothing else, since a broker that is short of resources stops
 * reading from connections that publish. Events of one type share a message where their consumers take that.
 */
export function createRabbitPublisher(o: {
  connection: Connection;
  topology: RabbitTopology;
  log: Logger;
  /** Called when publishing has become possible. */
  opened: () => void;
}): RabbitPublisher {
  const { connection, topology, log } = o;
  /** Ids of messages that came back because no queue wanted them. */
  const returned = new Set<string>();
  const batchConsumers = watchBatchConsumers(topology);
  const isBlocked = watchBlocking(connection, log, o.opened);
  const kept = openReconnectingChannel({
    connection,
    log,
    purpose: 'publish',
    setup: async (channel) => {
      await declareTopology(channel, topology);
      channel.on('basic.return', ({ messageId }) => returned.add(messageId ?? ''));
      await channel.confirmSelect();
    },
    opened: o.opened,
  });
  return {
    publish: (events) => {
      const channel = kept.current();
      if (!channel) return events.map(() => Promise.resolve(false));
      const outcomes = new Map<EncodedEvent, Promise<boolean>>();
      for (const message of messagesOf(events, batchConsumers.acceptedTypes(channel))) {
        const outcome = send(channel, message, { topology, returned, log });
        for (const event of message.events) outcomes.set(event, outcome);
      }
      closeWithoutConfirms(channel, [...outcomes.values()], { isBlocked, log });
      return events.map((event) => outcomes.get(event) ?? Promise.resolve(false));
    },
    ready: () => kept.current() !== undefined && !isBlocked(),
    close: () => kept.close(),
  };
}

/** Whether the broker has stopped reading from the connection because it is short of resources. `resumed`: it reads again. */
function watchBlocking(connection: Connection, log: Logger, resumed: () => void): () => boolean {
  let blocked = false;
  connection.on('connection', () => {
    blocked = false;
  });
  connection.on('connection.blocked', (reason) => {
    blocked = true;
    log.warn({ reason }, 'rabbitmq: the broker is short of resources; publishing waits');
  });
  connection.on('connection.unblocked', () => {
    blocked = false;
    log.info('rabbitmq: publishing resumed');
    resumed();
  });
  return () => blocked;
}

/** Resolves with true once the broker has confirmed the message, and with false when it is not known to be safe there. */
async function send(
  channel: Channel,
  message: Message,
  { topology, returned, log }: { topology: RabbitTopology; returned: Set<string>; log: Logger },
): Promise<boolean> {
  const { type, id } = message;
  const envelope = {
    exchange: topology.exchange,
    routingKey: message.routingKey,
    durable: true,
    mandatory: topology.queued.has(type),
    messageId: id,
    contentType: message.contentType,
  };
  try {
    await channel.basicPublish(envelope, message.body);
  } catch {
    // Refused, or lost with the channel: not known to be safe.
    return false;
  }
  if (!envelope.mandatory) return true;
  // The client reports a returned message a moment after its confirm, although the broker sends it before.
  await new Promise(setImmediate);
  if (!returned.delete(id)) return true;
  log.error({ type }, 'rabbitmq: a queue or a binding is missing; declaring all of them again');
  void channel.close();
  return false;
}

/** Closes the channel when the confirms of a publication do not come in time, not counting the time in which the broker is blocked. */
function closeWithoutConfirms(
  channel: Channel,
  outcomes: readonly Promise<boolean>[],
  { isBlocked, log }: { isBlocked: () => boolean; log: Logger },
): void {
  const expire = () => {
    if (isBlocked()) timer.refresh();
    else {
      log.warn('rabbitmq: publisher confirms timed out; publishing again on a new channel');
      void channel.close();
    }
  };
  const timer = setTimeout(expire, CONFIRM_MS).unref();
  void Promise.all(outcomes).then(() => clearTimeout(timer));
}

type Message = {
  events: readonly EncodedEvent[];
  type: string;
  /** That of its first event. */
  id: string;
  routingKey: string;
  contentType: string;
  body: Buffer;
};

/** Events of the types in `accepted` share messages; each of the others is a message. */
function messagesOf(events: readonly EncodedEvent[], accepted: ReadonlySet<string>): Message[] {
  const { together = [], alone = [] } = Object.groupBy(events, ({ type }) =>
    accepted.has(type) ? 'together' : 'alone',
  );
  return [
    ...groupIntoBatches(together).flatMap((batch): Message[] => {
      const [first] = batch;
      if (!first) return [];
      const { id, type } = first;
      return [
        {
          events: batch,
          id,
          type,
          routingKey: batchKey(type),
          contentType: BATCH_CONTENT_TYPE,
          body: batchBody(batch),
        },
      ];
    }),
    ...alone.map((event): Message => {
      const { id, type, json } = event;
      return { events: [event], id, type, routingKey: type, contentType: EVENT_CONTENT_TYPE, body: Buffer.from(json) };
    }),
  ];
}
