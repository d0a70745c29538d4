import type { EventType } from '@tradepost/contracts/events';
import type { Logger } from 'pino';
import type { AsyncMessage, Channel, Connection } from 'rabbitmq-client';
import { type Acks, collectAcks } from './rabbit-acks.ts';
import { bodiesOf } from './rabbit-batches.ts';
import { declareTopology, type RabbitQueue, type RabbitTopology } from './rabbit-topology.ts';
import { openReconnectingChannel } from './reconnecting-channel.ts';
import { settleApart } from './split-batch.ts';
import type { Delivery, Subscription } from './transport.ts';
import { settlesWithin } from './wake-signal.ts';

export type RabbitSubscription = Subscription & {
  /** True while its channel is open. */
  ready(): boolean;
};

type SubscriberContext = { connection: Connection; names: RabbitTopology; log: Logger };

const CANCEL_MS = 3000;
/** Names of the consumers of a channel. */
const LIVE = 'live';
const BATCHES = 'batches';
const DEAD = 'dead';

/** Batches that are delivered and not acknowledged, at most. */
const BATCH_PREFETCH = 20;

/** Consumes the queues of a service: single events, batches, and what the broker has given up on. */
export function subscribeQueue(
  o: SubscriberContext & { queue: RabbitQueue; prefetch: number; deliver: (deliveries: Delivery[]) => void },
): RabbitSubscription {
  const { queue, prefetch, deliver } = o;
  let paused = false;
  const setup = async (channel: Channel) => {
    await declareTopology(channel, o.names);
    // Paused: a channel that was lost then had nothing to be acknowledged that is still ours.
    if (paused) return;
    await channel.basicQos({ prefetchCount: prefetch });
    const acks = collectAcks(channel);
    const consume = (
      name: string,
      consumerTag: string,
      deliveryLimitReason: (message: AsyncMessage) => string | undefined,
    ) =>
      channel.basicConsume({ queue: name, consumerTag }, (message) => {
        acks.open(message.deliveryTag);
        deliver(toDeliveries(message, acks, deliveryLimitReason(message)));
      });
    await consume(queue.name, LIVE, () => undefined);
    await consume(queue.deadName, DEAD, reasonOfDeath);
    await channel.basicQos({ prefetchCount: Math.min(prefetch, BATCH_PREFETCH) });
    await consume(queue.batchName, BATCHES, () => undefined);
  };
  const kept = openReconnectingChannel({ connection: o.connection, log: o.log, purpose: queue.name, setup });
  return {
    ready: () => kept.current() !== undefined,
    pause: async () => {
      paused = true;
      const channel = kept.current();
      if (channel) await settlesWithin(CANCEL_MS, cancelAll(channel));
    },
    close: async () => {
      // The acknowledgements of this turn go out before the channel closes.
      await new Promise(setImmediate);
      await kept.close();
    },
  };
}

/** Hears events on a queue of this connection alone, which goes with it. */
export function subscribeBroadcast(
  o: SubscriberContext & {
    service: string;
    types: readonly EventType[];
    onMessage: (body: unknown) => void;
    onGap: () => void;
  },
): RabbitSubscription {
  const { exchange } = o.names;
  const setup = async (channel: Channel) => {
    await declareTopology(channel, o.names);
    const { queue } = await channel.queueDeclare({ queue: '', exclusive: true, autoDelete: true });
    for (const type of o.types) await channel.queueBind({ exchange, queue, routingKey: type });
    // What is published from here on waits in the queue; what came before may have been missed.
    o.onGap();
    await channel.basicConsume({ queue, noAck: true }, (message) => {
      for (const body of bodiesOf(message)) o.onMessage(body);
    });
  };
  const purpose = `${exchange}.${o.service} (broadcast)`;
  const kept = openReconnectingChannel({ connection: o.connection, log: o.log, purpose, setup });
  return { ready: () => kept.current() !== undefined, pause: () => kept.close(), close: () => kept.close() };
}

async function cancelAll(channel: Channel): Promise<void> {
  for (const consumerTag of [BATCHES, LIVE, DEAD]) await channel.basicCancel(consumerTag);
}

function toDeliveries(message: AsyncMessage, acks: Acks, deliveryLimitReason: string | undefined): Delivery[] {
  const { deliveryTag } = message;
  const bodies = bodiesOf(message);
  const whole = { ack: () => acks.ack(deliveryTag), requeue: () => acks.requeue(deliveryTag) };
  if (bodies.length === 0) whole.ack();
  const settlements = bodies.length === 1 ? [whole] : settleApart(whole, bodies.length);
  const shared = { deliveryLimitReason, lostDeliveries: lostDeliveriesOf(message) };
  return settlements.map((settlement, i) => ({ body: bodies[i], ...shared, ...settlement }));
}

/** Source: https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling */
function lostDeliveriesOf({ headers }: AsyncMessage): number {
  const count: unknown = headers?.['x-delivery-count'];
  return typeof count === 'number' ? count : 0;
}

/** Source: https://www.rabbitmq.com/docs/dlx#effects */
function reasonOfDeath({ headers }: AsyncMessage): string {
  const reason: unknown = headers?.['x-first-death-reason'];
  return reason === 'delivery_limit'
    ? 'Given up by the broker: every process that it was delivered to ended or lost its connection'
    : `Given up by the broker: ${String(reason ?? 'no reason given')}`;
}
