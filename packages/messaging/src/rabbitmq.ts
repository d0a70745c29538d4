import { topology as everything, type Topology } from '@tradepost/contracts/topology';
import type { Logger } from 'pino';
import { type AsyncMessage, type Channel, Connection } from 'rabbitmq-client';
import { within } from './alarm.ts';
import { collectAcks } from './rabbit-acks.ts';
import { type KeptChannel, keepChannel } from './rabbit-channel.ts';
import { createRabbitPublisher } from './rabbit-publisher.ts';
import { declareTopology, rabbitTopology } from './rabbit-topology.ts';
import { parseRabbitUrl, type RabbitAddress } from './rabbit-url.ts';
import type { Delivery, Subscription, Transport } from './transport.ts';

export type RabbitOptions = {
  /** `amqp://user:password@host:port/vhost`; more in `rabbit-url.ts`. */
  url: string;
  /** Whose connections they are, in RabbitMQ's own views. */
  name: string;
  log: Logger;
  topology?: Topology;
  /** A connection on which nothing comes for twice this long is taken for dead, in seconds; 10. */
  heartbeatSeconds?: number;
};

const CLOSE_MS = 3000;

/**
 * Carries events by RabbitMQ (3.10 or later): see `rabbit-topology.ts` for what stands there. Connects in the
 * background and for ever: nothing here fails because the broker is away. Throws if the URL cannot be read.
 */
export function createRabbitTransport(o: RabbitOptions): Transport {
  const { log } = o;
  const topology = o.topology ?? everything;
  const address = parseRabbitUrl(o.url);
  const names = rabbitTopology(topology, address.namespace);
  const readyListeners = new Set<() => void>();
  const channels = new Set<KeptChannel>();
  const outgoing = connect(o, address, 'publish');
  let incoming: Connection | undefined;
  const publisher = createRabbitPublisher({
    connection: outgoing,
    topology: names,
    log,
    opened: () => {
      for (const fn of readyListeners) fn();
    },
  });

  function keep(purpose: string, setup: (channel: Channel) => Promise<void>, opened?: () => void): KeptChannel {
    incoming ??= connect(o, address, 'consume');
    const kept = keepChannel({ connection: incoming, log, purpose, setup, ...(opened && { opened }) });
    channels.add(kept);
    return kept;
  }

  async function subscribe(
    { service, prefetch }: { service: string; prefetch: number },
    deliver: (deliveries: Delivery[]) => void,
  ): Promise<Subscription> {
    const queue = names.queues.find((one) => one.service === service);
    if (!queue) throw new Error(`The topology gives ${service} no queue`);
    let paused = false;
    const kept = keep(queue.name, async (channel) => {
      await declareTopology(channel, names);
      await channel.basicQos({ prefetchCount: prefetch });
      const acks = collectAcks(channel);
      const take = (givenUp: (message: AsyncMessage) => string | undefined) => (message: AsyncMessage) => {
        acks.open(message.deliveryTag);
        deliver([toDelivery(message, acks, givenUp(message))]);
      };
      // Paused: there is a channel for acknowledging, if need be, and nothing is delivered.
      if (paused) return;
      await channel.basicConsume(
        { queue: queue.name, consumerTag: 'live' },
        take(() => undefined),
      );
      await channel.basicConsume({ queue: queue.deadName, consumerTag: 'dead' }, take(reasonOfDeath));
    });
    return {
      pause: async () => {
        paused = true;
        const channel = kept.current();
        if (channel) await within(CLOSE_MS, cancel(channel, ['live', 'dead']));
      },
      close: async () => {
        // Lets the acknowledgements of this turn go out.
        await new Promise(setImmediate);
        await kept.close();
        channels.delete(kept);
      },
    };
  }

  async function listen(
    { service }: { service: string },
    hear: (body: unknown) => void,
    onGap: () => void,
  ): Promise<Subscription> {
    const types = topology[service]?.broadcast;
    if (!types) throw new Error(`The topology broadcasts nothing to ${service}`);
    const kept = keep(`${names.exchange}.${service} (broadcast)`, async (channel) => {
      await declareTopology(channel, names);
      const { queue } = await channel.queueDeclare({ queue: '', exclusive: true, autoDelete: true });
      for (const type of types) await channel.queueBind({ exchange: names.exchange, queue, routingKey: type });
      onGap();
      await channel.basicConsume({ queue, noAck: true }, (message) => hear(bodyOf(message)));
    });
    const stop = async () => {
      await kept.close();
      channels.delete(kept);
    };
    return { pause: stop, close: stop };
  }

  return {
    kind: 'rabbitmq',
    topology,
    publish: publisher.publish,
    subscribe,
    listen,
    ready: () => publisher.ready() && [...channels].every((kept) => kept.current() !== undefined),
    onReady: (fn) => {
      readyListeners.add(fn);
      return () => readyListeners.delete(fn);
    },
    close: async () => {
      await Promise.all([publisher.close(), ...[...channels].map((kept) => kept.close())]);
      await Promise.all([disconnect(outgoing), incoming && disconnect(incoming)]);
    },
  };
}

function connect(o: RabbitOptions, address: RabbitAddress, purpose: 'publish' | 'consume'): Connection {
  const { hosts = [], ...options } = address.options;
  const connection = new Connection({
    ...options,
    // Each instance begins somewhere else, so that connections spread over the cluster.
    hosts: hosts
      .map((host) => ({ host, at: Math.random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ host }) => host),
    connectionName: `${o.name} (${purpose})`,
    heartbeat: o.heartbeatSeconds ?? 10,
    connectionTimeout: 5000,
    retryLow: 100,
    retryHigh: 5000,
    noDelay: true,
  });
  let lost = false;
  // The client reports the first failure of a row only, and tries again for ever.
  connection.on('error', (err) => {
    lost = true;
    o.log.warn({ err, purpose }, 'rabbitmq: no connection; trying again until there is');
  });
  connection.on('connection', () => {
    o.log.info({ purpose }, lost ? 'rabbitmq: connected again' : 'rabbitmq: connected');
    lost = false;
  });
  return connection;
}

async function disconnect(connection: Connection): Promise<void> {
  if (!(await within(CLOSE_MS, connection.close()))) connection.unsafeDestroy();
}

async function cancel(channel: Channel, tags: readonly string[]): Promise<void> {
  for (const tag of tags) await channel.basicCancel(tag);
}

function toDelivery(
  message: AsyncMessage,
  acks: { ack(tag: number): void; requeue(tag: number): void },
  givenUp: string | undefined,
): Delivery {
  return {
    body: bodyOf(message),
    givenUp,
    redelivered: message.redelivered,
    ack: () => acks.ack(message.deliveryTag),
    requeue: () => acks.requeue(message.deliveryTag),
  };
}

/** The parsed JSON, or the text if it is none. The client parses `application/json` itself, others may send. */
function bodyOf({ body }: AsyncMessage): unknown {
  if (!Buffer.isBuffer(body)) return body;
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Source: https://www.rabbitmq.com/docs/dlx#effects */
function reasonOfDeath({ headers }: AsyncMessage): string {
  const reason: unknown = headers?.['x-first-death-reason'];
  return reason === 'delivery_limit'
    ? 'Given up by the broker: every process that it was delivered to ended or lost its connection'
    : `Given up by the broker: ${String(reason ?? 'no reason given')}`;
}
