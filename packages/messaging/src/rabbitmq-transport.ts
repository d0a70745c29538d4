import { topology as everything, type Topology } from '@tradepost/contracts/topology';
import type { Logger } from 'pino';
import { Connection } from 'rabbitmq-client';
import { createRabbitPublisher } from './rabbit-publisher.ts';
import { type RabbitSubscription, subscribeBroadcast, subscribeQueue } from './rabbit-subscriber.ts';
import { type RabbitQueue, rabbitTopology } from './rabbit-topology.ts';
import { parseRabbitUrl, type RabbitAddress } from './rabbit-url.ts';
import type { QueueDepth, Subscription, Transport } from './transport.ts';
import { settlesWithin } from './wake-signal.ts';

export type RabbitOptions = {
  /** `amqp://user:password@host:port/vhost`; more in `rabbit-url.ts`. */
  url: string;
  /** PEM of the certificate authority. With it, connections are made by TLS alone, and the certificate must name the host. */
  ca?: string | undefined;
  /** Whose connections they are, in RabbitMQ's own views. */
  name: string;
  log: Logger;
  topology?: Topology;
  /** A connection on which nothing comes for twice this long is taken for dead, in seconds; 10. */
  heartbeatSeconds?: number;
};

const CLOSE_MS = 3000;
const DEPTH_MS = 2000;

/**
 * Carries events by RabbitMQ (3.10 or later): see `rabbit-topology.ts` for what stands there. Connects in the
 * background and for ever: nothing here fails because the broker is unavailable. Throws if the URL cannot be read.
 */
// Long: the methods of one transport, on the same connections
export function createRabbitTransport(o: RabbitOptions): Transport {
  const { log } = o;
  const topology = o.topology ?? everything;
  const address = parseRabbitUrl(o.url);
  const names = rabbitTopology(topology, address.namespace);
  const readyListeners = new Set<() => void>();
  const subscriptions = new Set<RabbitSubscription>();
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

  /** Consuming has a connection of its own, made when it is first needed. */
  function shared() {
    incoming ??= connect(o, address, 'consume');
    return { connection: incoming, names, log };
  }

  function queueOf(service: string): RabbitQueue {
    const queue = names.queues.find((one) => one.service === service);
    if (!queue) throw new Error(`The topology gives ${service} no queue`);
    return queue;
  }

  /** By a passive declaration, which changes nothing; not over the connection that a broker short of resources ignores. */
  async function depth(service: string): Promise<QueueDepth | undefined> {
    const queue = names.queues.find((one) => one.service === service);
    if (!queue) return undefined;
    const { connection } = shared();
    if (!connection.ready) throw new Error('rabbitmq: there is no connection');
    const ask = (name: string) => connection.queueDeclare({ queue: name, passive: true });
    const asked = Promise.all([ask(queue.name), ask(queue.batchName)]);
    if (!(await settlesWithin(DEPTH_MS, asked))) throw new Error('rabbitmq: the broker does not answer');
    const [single, batches] = await asked;
    // Every instance consumes single events.
    return { waiting: single.messageCount + batches.messageCount, consumers: single.consumerCount };
  }

  function tracked(subscription: RabbitSubscription): Subscription {
    subscriptions.add(subscription);
    const { pause, close } = subscription;
    return { pause, close: () => close().finally(() => subscriptions.delete(subscription)) };
  }

  return {
    kind: 'rabbitmq',
    topology,
    publish: publisher.publish,
    subscribe: async ({ service, prefetch }, deliver) =>
      tracked(subscribeQueue({ ...shared(), queue: queueOf(service), prefetch, deliver })),
    listen: async ({ service }, onMessage, onGap) => {
      const types = topology[service]?.broadcast;
      if (!types) throw new Error(`The topology broadcasts nothing to ${service}`);
      return tracked(subscribeBroadcast({ ...shared(), service, types, onMessage, onGap }));
    },
    depth,
    ready: () => publisher.ready() && [...subscriptions].every((one) => one.ready()),
    onReady: (fn) => {
      readyListeners.add(fn);
      return () => readyListeners.delete(fn);
    },
    close: async () => {
      await Promise.all([publisher.close(), ...[...subscriptions].map((one) => one.close())]);
      await Promise.all([disconnect(outgoing), incoming && disconnect(incoming)]);
    },
  };
}

function connect(o: RabbitOptions, address: RabbitAddress, purpose: 'publish' | 'consume'): Connection {
  const { hosts = [], ...options } = address.options;
  const connection = new Connection({
    ...options,
    ...(o.ca === undefined ? {} : { tls: { ca: o.ca } }),
    // Each instance begins somewhere else, so that connections spread over the cluster.
    hosts: hosts
      .map((host) => ({ host, at: Math.random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ host }) => host),
    connectionName: `${o.name} (${purpose})`,
    heartbeat: o.heartbeatSeconds ?? 10,
    connectionTimeout: 5000,
    retryLow: 100,
    retryHigh: 3000,
    noDelay: true,
  });
  let lost = false;
  // The client reports the first failure of a row only, and tries again for ever.
  connection.on('error', (err) => {
    lost = true;
    o.log.warn({ err, purpose }, 'rabbitmq: no connection; retrying');
  });
  connection.on('connection', () => {
    o.log.info({ purpose }, lost ? 'rabbitmq: reconnected' : 'rabbitmq: connected');
    lost = false;
  });
  return connection;
}

async function disconnect(connection: Connection): Promise<void> {
  if (!(await settlesWithin(CLOSE_MS, connection.close()))) connection.unsafeDestroy();
}
