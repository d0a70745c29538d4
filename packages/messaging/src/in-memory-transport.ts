import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { topology as everything, type Topology } from '@tradepost/contracts/topology';
import type { Logger } from 'pino';
import type { Delivery, Subscription, Transport } from './transport.ts';

type Taker = {
  deliver: (deliveries: Delivery[]) => void;
  paused: boolean;
  /** Deliveries that have not been settled, by how to settle them. */
  open: Set<(done: boolean) => void>;
};

type Hearer = { types: ReadonlySet<string>; hear: (body: unknown) => void };

/**
 * Carries events within one process: one transport, shared by all its services. It stores nothing: an event is safe
 * once every service that listens to it has acknowledged it, and until then it stays in the publisher's outbox. While
 * one of those services is not running, its events are not published at all.
 * Several subscriptions of one service share its events.
 */
// Long: the methods of one transport, on the same maps of subscribers
export function createInMemoryTransport(o: { log: Logger; topology?: Topology }): Transport {
  const topology = o.topology ?? everything;
  const takers = new Map<string, Taker[]>();
  const hearers = new Set<Hearer>();
  const readyListeners = new Set<() => void>();
  let closed = false;

  function takerOf(service: string): Taker | undefined {
    const list = takers.get(service) ?? [];
    const index = list.findIndex((taker) => !taker.paused);
    const [taker] = index < 0 ? [] : list.splice(index, 1);
    // Behind the others, so that they take turns.
    if (taker) list.push(taker);
    return taker;
  }

  function publish(events: readonly CloudEvent[]): Promise<boolean>[] {
    const batches = new Map<Taker, Delivery[]>();
    const turn = new Map<string, Taker | undefined>();
    const outcomes = events.map((event) => {
      const services = closed ? undefined : listeningTo(topology, event.type);
      if (!services) return Promise.resolve(false);
      for (const service of services) if (!turn.has(service)) turn.set(service, takerOf(service));
      const chosen = services.map((service) => turn.get(service)).filter((taker) => taker !== undefined);
      if (chosen.length < services.length) return Promise.resolve(false);
      for (const hearer of hearers) if (hearer.types.has(event.type)) hearer.hear(event);
      return Promise.all(chosen.map((taker) => hand(taker, event, batches))).then((done) => done.every(Boolean));
    });
    for (const [taker, deliveries] of batches) taker.deliver(deliveries);
    return outcomes;
  }

  async function subscribe(
    { service }: { service: string },
    deliver: (deliveries: Delivery[]) => void,
  ): Promise<Subscription> {
    if (!topology[service]?.queue) throw new Error(`The topology gives ${service} no queue`);
    const taker: Taker = { deliver, paused: false, open: new Set() };
    takers.set(service, [...(takers.get(service) ?? []), taker]);
    for (const fn of readyListeners) fn();
    return {
      pause: async () => {
        taker.paused = true;
      },
      close: async () => {
        taker.paused = true;
        takers.set(
          service,
          (takers.get(service) ?? []).filter((other) => other !== taker),
        );
        for (const settle of [...taker.open]) settle(false);
      },
    };
  }

  return {
    kind: 'memory',
    topology,
    publish,
    subscribe,
    listen: async ({ service }, hear, onGap) => {
      const types = topology[service]?.broadcast;
      if (!types) throw new Error(`The topology broadcasts nothing to ${service}`);
      const hearer = { types: new Set<string>(types), hear };
      const stop = async () => {
        hearers.delete(hearer);
      };
      onGap();
      hearers.add(hearer);
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
      for (const taker of [...takers.values()].flat()) {
        taker.paused = true;
        for (const settle of [...taker.open]) settle(false);
      }
      takers.clear();
      hearers.clear();
      o.log.debug('the memory transport is closed');
    },
  };
}

/** The services whose queue takes events of this type. */
export function listeningTo(topology: Topology, type: string): string[] {
  return Object.keys(topology).filter((service) => topology[service]?.queue?.some((one) => one === type));
}

function hand(taker: Taker, event: CloudEvent, batches: Map<Taker, Delivery[]>): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (done: boolean) => {
      if (taker.open.delete(settle)) resolve(done);
    };
    taker.open.add(settle);
    const delivery: Delivery = {
      body: event,
      deliveryLimitReason: undefined,
      redelivered: false,
      ack: () => settle(true),
      requeue: () => settle(false),
    };
    const batch = batches.get(taker);
    if (batch) batch.push(delivery);
    else batches.set(taker, [delivery]);
  });
}
