import type { EventType } from './events.ts';

/** The events that one service receives. */
export type Subscriptions = {
  /** One queue for all instances: each event is handled once by the service, and kept for it while none is running. */
  readonly queue?: readonly EventType[];
  /** Every running instance receives each event, without a guarantee: to drop cached data. Nothing is stored. */
  readonly broadcast?: readonly EventType[];
};

/** Which service receives which events. */
export type Topology = Readonly<Record<string, Subscriptions>>;

/**
 * Which service receives which events: the only place that says so. Publishers declare all of it before they publish, so an
 * event waits for a subscriber that has never been started.
 */
export const topology: Topology = {
  auth: { queue: ['account.erasure-confirmed.v1'] },
  product: {
    queue: [
      ...(['order.placed.v1', 'order.confirmed.v1', 'order.cancelled.v1'] as const),
      ...(['order.refunded.v1', 'order.returned.v1'] as const),
      ...(['account.status-changed.v1', 'account.erased.v1'] as const),
    ],
  },
  order: {
    queue: [
      ...(['product.changed.v1', 'stock.reserved.v1', 'stock.rejected.v1', 'stock.reservation-expired.v1'] as const),
      ...(['account.status-changed.v1', 'account.erased.v1'] as const),
    ],
  },
  notification: {
    queue: [
      ...(['account.created.v1', 'account.contact-changed.v1', 'account.mail-requested.v1'] as const),
      ...(['order.confirmed.v1', 'order.payment-needed.v1', 'order.cancelled.v1', 'order.rejected.v1'] as const),
      ...(['order.fulfilled.v1', 'order.delivered.v1', 'order.refunded.v1', 'order.returned.v1'] as const),
      'stock.low.v1',
      ...(['account.erased.v1', 'order.guest-erased.v1'] as const),
    ],
  },
  'api-gateway': {
    queue: ['account.erased.v1'],
    broadcast: ['session.revoked.v1', 'account.changed.v1', 'account.status-changed.v1'],
  },
};

/** Which service writes the events whose type begins with a word. */
export const eventOwner: Readonly<Record<string, string>> = {
  product: 'product',
  stock: 'product',
  order: 'order',
  account: 'auth',
  session: 'auth',
};
