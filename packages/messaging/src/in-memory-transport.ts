import { topology as everything, type Topology } from '@tradepost/contracts/topology';
import type { Logger } from 'pino';
import type { EncodedEvent } from './encoded-event.ts';
import type { Delivery, Subscription, Transport } from './transport.ts';

type Subscriber = {
  deliver: (deliveries: Delivery[]) => void;
  paused: boolean;
  /** Deliveries that have not been settled, by how to settle them. */
  open: Set<(done: boolean) => void>;
};

type BroadcastListener = { types: ReadonlySet<string>; onMessage: (body: unknown) => void };

/**
 * Carries events within one process: one transport, shared by all its services. It stores nothing: an event is safe
 * once every service that listens to it has acknowledged it, and until then it stays in the publisher's outbox. While
 * one of those services is not running, its events are not published at all.
 * Several subscriptions of one service share its events.
 */
// Long: the methods of one transport, on the same maps of subscribers
export function createInMemoryTransport(o: { log: Logger; topology?: Topology }): Transport {
  const topology = o.topology ?? everything;
  const subscribers = new Map<string, Subscriber[]>();
  const listeners = new Set<BroadcastListener>();
  const readyListeners = new Set<() => void>();
  let closed = false;

  function nextSubscriber(service: string): Subscriber | undefined {
    const list = subscribers.get(service) ?? [];
    const index = list.findIndex((subscriber) => !subscriber.paused);
    const [subscriber] = index < 0 ? [] : list.splice(index, 1);
    // Behind the others, so that they take turns.
    if (subscriber) list.push(subscriber);
    return subscriber;
  }

  function publish(events: readonly EncodedEvent[]): Promise<boolean>[] {
    const batches = new Map<Subscriber, Delivery[]>();
    const turn = new Map<string, Subscriber | undefined>();
    const outcomes = events.map((event) => {
      const services = closed ? undefined : listeningTo(topology, event.type);
      if (!services) return Promise.resolve(false);
      for (const service of services) if (!turn.has(service)) turn.set(service, nextSubscriber(service));
      const chosen = services.map((service) => turn.get(service)).filter((subscriber) => subscriber !== undefined);
      if (chosen.length < services.length) return Promise.resolve(false);
      const body: unknown = JSON.parse(event.json);
      for (const listener of listeners) if (listener.types.has(event.type)) listener.onMessage(body);
      return Promise.all(chosen.map((subscriber) => deliverTo(subscriber, body, batches))).then((done) =>
        done.every(Boolean),
      );
    });
    for (const [subscriber, deliveries] of batches) subscriber.deliver(deliveries);
    return outcomes;
  }

  async function subscribe(
    { service }: { service: string },
    deliver: (deliveries: Delivery[]) => void,
  ): Promise<Subscription> {
    if (!topology[service]?.queue) throw new Error(`The topology gives ${service} no queue`);
    const subscriber: Subscriber = { deliver, paused: false, open: new Set() };
    subscribers.set(service, [...(subscribers.get(service) ?? []), subscriber]);
    for (const fn of readyListeners) fn();
    return {
      pause: async () => {
        subscriber.paused = true;
      },
      close: async () => {
        subscriber.paused = true;
        subscribers.set(
          service,
          (subscribers.get(service) ?? []).filter((other) => other !== subscriber),
        );
        for (const settle of [...subscriber.open]) settle(false);
      },
    };
  }

  return {
    kind: 'memory',
    topology,
    publish,
    subscribe,
    listen: async ({ service }, onMessage, onGap) => {
      const types = topology[service]?.broadcast;
      if (!types) throw new Error(`The topology broadcasts nothing to ${service}`);
      const listener = { types: new Set<string>(types), onMessage };
      const stop = async () => {
        listeners.delete(listener);
      };
      onGap();
      listeners.add(listener);
      return { pause: stop, close: stop };
    },
    depth: async () => undefined,
    ready: () => !closed,
    onReady: (fn) => {
      readyListeners.add(fn);
      return () => readyListeners.delete(fn);
    },
    close: async () => {
      closed = true;
      for (const subscriber of [...subscribers.values()].flat()) {
        subscriber.paused = true;
        for (const settle of [...subscriber.open]) settle(false);
      }
      subscribers.clear();
      listeners.clear();
      o.log.debug('the memory transport is closed');
    },
  };
}

/** The services whose queue takes events of this type. */
function listeningTo(topology: Topology, type: string): string[] {
  return Object.keys(topology).filter((service) => topology[service]?.queue?.some((one) => one === type));
}

function deliverTo(subscriber: Subscriber, body: unknown, batches: Map<Subscriber, Delivery[]>): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (done: boolean) => {
      if (subscriber.open.delete(settle)) resolve(done);
    };
    subscriber.open.add(settle);
    const delivery: Delivery = {
      body,
      deliveryLimitReason: undefined,
      lostDeliveries: 0,
      ack: () => settle(true),
      requeue: () => settle(false),
    };
    const batch = batches.get(subscriber);
    if (batch) batch.push(delivery);
    else batches.set(subscriber, [delivery]);
  });
}
