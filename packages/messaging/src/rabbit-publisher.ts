import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { Logger } from 'pino';
import type { Channel, Connection } from 'rabbitmq-client';
import { declareTopology, type RabbitTopology } from './rabbit-topology.ts';
import { openReconnectingChannel } from './reconnecting-channel.ts';

export type RabbitPublisher = {
  publish(events: readonly CloudEvent[]): Promise<boolean>[];
  ready(): boolean;
  close(): Promise<void>;
};

/**
 * A confirm that has not come after this long is not waited for any longer: the channel is closed, and what it had
 * open counts as not confirmed. A queue without a majority of its nodes may keep one waiting so.
 */
const CONFIRM_MS = 60_000;

/** Publishes on one confirming channel of a connection that is used for nothing else, since a broker that is short of
 * resources stops reading from connections that publish. */
// Long: publishing and its confirmations share the state of one channel
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
    o.opened();
  });

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

  async function publishOne(channel: Channel, event: CloudEvent): Promise<boolean> {
    const envelope = {
      exchange: topology.exchange,
      routingKey: event.type,
      durable: true,
      mandatory: topology.queued.has(event.type),
      messageId: event.id,
      contentType: 'application/cloudevents+json',
    };
    try {
      await channel.basicPublish(envelope, Buffer.from(JSON.stringify(event)));
    } catch {
      // Refused, or lost with the channel: not known to be safe.
      return false;
    }
    if (!envelope.mandatory) return true;
    // The client reports a returned message a moment after its confirm, although the broker sends it before.
    await new Promise(setImmediate);
    if (!returned.delete(event.id)) return true;
    log.error({ type: event.type }, 'rabbitmq: a queue or a binding is missing; declaring all of them again');
    void channel.close();
    return false;
  }

  function watch(channel: Channel, outcomes: readonly Promise<boolean>[]): void {
    const expire = () => {
      if (blocked) timer.refresh();
      else {
        log.warn('rabbitmq: publisher confirms timed out; publishing again on a new channel');
        void channel.close();
      }
    };
    const timer = setTimeout(expire, CONFIRM_MS).unref();
    void Promise.all(outcomes).then(() => clearTimeout(timer));
  }

  return {
    publish: (events) => {
      const channel = kept.current();
      if (!channel) return events.map(() => Promise.resolve(false));
      const outcomes = events.map((event) => publishOne(channel, event));
      watch(channel, outcomes);
      return outcomes;
    },
    ready: () => kept.current() !== undefined && !blocked,
    close: () => kept.close(),
  };
}
