import type { EventType } from '@tradepost/contracts/events';
import type { Topology } from '@tradepost/contracts/topology';
import type { Channel } from 'rabbitmq-client';
import { batchKey } from './rabbit-batches.ts';

/** What stands on the broker, by name. */
export type RabbitTopology = {
  /** Where events are published, by type as the routing key. */
  exchange: string;
  deadLetterExchange: string;
  queues: RabbitQueue[];
  /** Types that have a queue: an event of one of these must arrive somewhere. */
  queued: ReadonlySet<string>;
  /** Those of them that may be sent in batches: no service receives them by broadcast, which sends single events. */
  batched: ReadonlySet<EventType>;
};

/** The queues of one service. */
export type RabbitQueue = {
  service: string;
  name: string;
  /** Batches of events (`rabbit-batches.ts`). */
  batchName: string;
  /** What the broker has given up on. */
  deadName: string;
  types: readonly EventType[];
};

/**
 * Deliveries of one message before the broker gives up on it. An event that fails is tried again by the consumer
 * itself, so this counts lost connections and killed processes only; an event that kills its consumer ends here.
 */
const DELIVERY_LIMIT = 50;
/** Above any count; "none" cannot be said in a way that RabbitMQ 3.10 and 4 both understand. */
const NO_DELIVERY_LIMIT = 1_000_000_000;

/** Names everything under one namespace. */
export function rabbitTopology(topology: Topology, namespace: string): RabbitTopology {
  const queues = Object.entries(topology).flatMap(([service, { queue: types }]) =>
    types ? [{ service, ...queueNames(`${namespace}.${service}`), types }] : [],
  );
  const broadcast = new Set(Object.values(topology).flatMap(({ broadcast: types = [] }) => types));
  const types = queues.flatMap((queue) => queue.types);
  return {
    exchange: namespace,
    deadLetterExchange: `${namespace}.dead`,
    queues,
    queued: new Set(types),
    batched: new Set(types.filter((type) => !broadcast.has(type))),
  };
}

const queueNames = (name: string) => ({ name, batchName: `${name}.batches`, deadName: `${name}.dead` });

/**
 * Declares all of it: exchanges, and for every service its quorum queues, its dead queue and its bindings. Everybody who
 * publishes or subscribes does this first, whichever service it is, so that an event which is published before its
 * subscriber has ever run waits in a queue. Nothing happens where it stands already. The arguments of a queue can never be
 * changed, only its name; limits that operators want to tune belong into a policy.
 */
export async function declareTopology(channel: Channel, topology: RabbitTopology): Promise<void> {
  const { exchange, deadLetterExchange } = topology;
  await channel.exchangeDeclare({ exchange, type: 'topic', durable: true });
  await channel.exchangeDeclare({ exchange: deadLetterExchange, type: 'direct', durable: true });
  for (const { service, name, batchName, deadName, types } of topology.queues) {
    await channel.queueDeclare({
      queue: deadName,
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': NO_DELIVERY_LIMIT },
    });
    await channel.queueBind({ exchange: deadLetterExchange, queue: deadName, routingKey: service });
    for (const queue of [name, batchName]) {
      await channel.queueDeclare({
        queue,
        durable: true,
        arguments: {
          'x-queue-type': 'quorum',
          'x-delivery-limit': DELIVERY_LIMIT,
          'x-dead-letter-exchange': deadLetterExchange,
          'x-dead-letter-routing-key': service,
          // A message leaves this queue only once the dead queue has confirmed it. That needs reject-publish, which without
          // a length limit (there is none: a full disk blocks publishers, and events wait in their outboxes) rejects nothing.
          // Source: https://www.rabbitmq.com/docs/quorum-queues#dead-lettering
          'x-dead-letter-strategy': 'at-least-once',
          'x-overflow': 'reject-publish',
        },
      });
    }
    for (const type of types) {
      await channel.queueBind({ exchange, queue: name, routingKey: type });
      if (topology.batched.has(type))
        await channel.queueBind({ exchange, queue: batchName, routingKey: batchKey(type) });
    }
  }
}
