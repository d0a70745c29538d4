import type { Topology } from '@tradepost/contracts/topology';
import type { EncodedEvent } from './encoded-event.ts';

/**
 * One event for one service, also where it came together with others. Exactly one of `ack` and `requeue` counts; what comes after it is
 * ignored.
 */
export type Delivery = {
  /** What arrived: the parsed JSON, or the text itself if it was no JSON. Not validated. */
  body: unknown;
  /** Why the broker has given up delivering it to handlers; it is only to be kept for an operator then. */
  deliveryLimitReason: string | undefined;
  /** How many deliveries before this one have ended with their process or connection. */
  lostDeliveries: number;
  /** It has taken effect, or is a dead letter: it will not come again. */
  ack(): void;
  /** It comes again, now or later. */
  requeue(): void;
};

/** Deliveries to one service that have been begun. */
export type Subscription = {
  /** Takes no further deliveries; those that were made can still be acknowledged. Does not reject. */
  pause(): Promise<void>;
  /** Ends it: what was not acknowledged goes back. Does not reject. */
  close(): Promise<void>;
};

/** What is in the queue of a service. */
export type QueueDepth = {
  /** Messages that nobody has been given yet; one may hold several events. */
  waiting: number;
  /** Instances that take from it. */
  consumers: number;
};

/**
 * Carries events between services, at least once. Which service gets which types is said by `topology`, and by nothing
 * else: an event waits for every service that it names, whether or not that is running.
 */
export type Transport = {
  readonly kind: 'rabbitmq' | 'memory';
  readonly topology: Topology;
  /**
   * Publishes, in order. One outcome per event, which never rejects: true once the event is safe, that is confirmed by
   * the broker (rabbitmq) or acknowledged by every service that listens to it (memory); false if that is not known
   * to have happened, so that the event is to be published again. Waits while the broker is short of resources.
   */
  publish(events: readonly EncodedEvent[]): Promise<boolean>[];
  /**
   * Begins to deliver the queue of a service. `prefetch` bounds the single events that are delivered and not yet
   * acknowledged (rabbitmq; in memory the relay does); batches have a bound of their own. Resolves without waiting for the broker; reconnects by itself until it is closed.
   */
  subscribe(o: { service: string; prefetch: number }, deliver: (deliveries: Delivery[]) => void): Promise<Subscription>;
  /**
   * Subscribes to what is broadcast to every instance of a service. `onGap` is called before the first event and
   * whenever events may have been missed, after hearing has begun again. Resolves without waiting for the broker.
   */
  listen(o: { service: string }, onMessage: (body: unknown) => void, onGap: () => void): Promise<Subscription>;
  /**
   * What waits in the queue of a service; undefined where it has none, as in memory, where events wait in the outbox of
   * their publisher. Rejects, after two seconds at the latest, while the broker does not answer.
   */
  depth(service: string): Promise<QueueDepth | undefined>;
  /** True while it is connected to its broker, every queue is being delivered and publishing is not held up. */
  ready(): boolean;
  /** Calls `fn` when publishing has become possible again, or a service has begun to listen; returns how to undo it. */
  onReady(fn: () => void): () => void;
  /** Closes subscriptions and connections, within a few seconds. Outcomes that are still open become false. */
  close(): Promise<void>;
};
