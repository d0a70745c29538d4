import { topology } from '@tradepost/contracts/topology';
import { bodiesOf } from '@tradepost/messaging/rabbit-batches';
import { declareTopology, type RabbitTopology, rabbitTopology } from '@tradepost/messaging/rabbit-topology';
import { until } from '@tradepost/testing/until';
import type { Logger } from 'pino';
import type { Connection } from 'rabbitmq-client';

/** An event as the auditor remembers it. */
export type RecordedEvent = { type: string; subject: string };

/** A queue of the auditor's own that gets a copy of every event: what the broker has confirmed is in it. */
export type EventRecorder = {
  /** What was recorded so far, by the event's id: an event that was published twice is there once. */
  recorded: ReadonlyMap<string, RecordedEvent>;
  /** Messages that are waiting in the queues of the services, their dead queues and the auditor's own, by queue. */
  depths(): Promise<Map<string, number>>;
  close(): Promise<void>;
};

const quorum = { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000_000 } as const;

export async function recordEvents(broker: Connection, namespace: string, log: Logger): Promise<EventRecorder> {
  const names = rabbitTopology(topology, namespace);
  const queue = `${namespace}.recorder`;
  // Nodes that have just started refuse to declare queues until their cluster is formed.
  await until(() => declareQueues(broker, names), { what: 'the broker to declare the queues' });
  const recorded = new Map<string, RecordedEvent>();
  const consumer = broker.createConsumer(
    {
      queue,
      queueOptions: { durable: true, arguments: quorum },
      queueBindings: [{ exchange: names.exchange, routingKey: '#' }],
      qos: { prefetchCount: 500 },
      concurrency: 500,
    },
    (message) => {
      for (const event of bodiesOf(message)) {
        const text = (key: string) => String(typeof event === 'object' && event ? Reflect.get(event, key) : '');
        recorded.set(text('id'), { type: text('type'), subject: text('subject') });
      }
    },
  );
  // A lost connection ends the subscription, and it begins again.
  consumer.on('error', (err) => log.warn({ err }, 'the auditor does not hear the broker for a moment'));
  await new Promise<void>((resolve) => consumer.once('ready', resolve));
  return {
    recorded,
    depths: async () => {
      const depths = new Map<string, number>();
      for (const name of [queue, ...names.queues.flatMap((one) => [one.name, one.batchName, one.deadName])]) {
        const { messageCount } = await broker.queueDeclare({ queue: name, passive: true });
        depths.set(name, messageCount);
      }
      return depths;
    },
    close: async () => {
      await consumer.close();
      await broker.queueDelete(queue);
    },
  };
}

async function declareQueues(broker: Connection, names: RabbitTopology): Promise<true> {
  const channel = await broker.acquire();
  try {
    await declareTopology(channel, names);
    return true;
  } finally {
    // A refusal has closed it.
    await channel.close().catch(() => undefined);
  }
}
