import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { uuidv7 } from '@tradepost/postgres/uuid';
import fc from 'fast-check';
import type { OrderEvent } from '../src/domain/reservation.ts';
import { cancelled, confirmed, placed, refunded } from './order-events.ts';
import type { Shop } from './shop.ts';

/** What becomes of an order after it was placed; as `order` would, it is confirmed only when it was reserved. */
const fates = ['nothing', 'cancelled', 'confirmed', 'confirmed, cancelled', 'confirmed, refunded', 'expired'] as const;

const orderPlan = fc.record({
  quantities: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 }),
  fate: fc.constantFrom(...fates),
  /** Of each of its events: how often it is delivered, and how early or late. */
  copies: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }),
  delays: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 }),
  /** The cancellation overtakes the order. */
  overtaken: fc.boolean(),
});

/** Orders and adjustments of three SKUs. */
export const stockPlan = fc.record({
  stock: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 3 }),
  orders: fc.array(orderPlan, { minLength: 1, maxLength: 14 }),
  adjustments: fc.array(fc.record({ sku: fc.integer({ min: 0, max: 2 }), delta: fc.integer({ min: -5, max: 5 }) }), {
    maxLength: 4,
  }),
  republished: fc.boolean(),
});

type OrderPlan = {
  quantities: number[];
  fate: (typeof fates)[number];
  copies: number[];
  delays: number[];
  overtaken: boolean;
};

type Line = { sku: string; quantity: number };
export type PlannedOrder = OrderPlan & { lines: Line[]; placed: CloudEvent<'order.placed.v1'> };

/** The orders of a plan with their events; without those that order nothing. */
export function plannedOrders(skus: readonly string[], orders: readonly OrderPlan[]): PlannedOrder[] {
  return orders.flatMap((order) => {
    const lines = skus
      .map((sku, at) => ({ sku, quantity: order.quantities[at] ?? 0 }))
      .filter(({ quantity }) => quantity > 0);
    return lines.length === 0 ? [] : [{ ...order, lines, placed: placed(lines) }];
  });
}

type Delivery = { event: OrderEvent; at: number; copies: number };

/** The deliveries of the orders, some of them overtaken by their cancellation. */
export function placements(orders: readonly PlannedOrder[]): Delivery[] {
  return orders.flatMap(({ placed: event, copies, delays, overtaken }): Delivery[] => {
    const order: Delivery = { event, at: delays[0] ?? 0, copies: copies[0] ?? 1 };
    return overtaken ? [order, { event: cancelled(event), at: delays[1] ?? 0, copies: copies[1] ?? 1 }] : [order];
  });
}

/** The deliveries of what `order` says to the answers it got; two orders' events overtake each other. */
export function followUps(held: readonly PlannedOrder[]): Delivery[] {
  return held.flatMap(({ placed: event, fate, lines, copies, delays }): Delivery[] => {
    const restock = lines.map(({ sku }) => ({ sku, quantity: 1 }));
    const told = {
      nothing: [],
      expired: [],
      cancelled: [cancelled(event)],
      confirmed: [confirmed(event)],
      'confirmed, cancelled': [confirmed(event), later(cancelled(event))],
      'confirmed, refunded': [confirmed(event), refunded(event, restock)],
    }[fate];
    return told.map((one, at) => ({ event: one, at: delays[at + 1] ?? 0, copies: copies[at + 1] ?? 1 }));
  });
}

/** What `order` decides later has a later time, in whichever order it arrives. */
const later = <E extends CloudEvent>(event: E): E => ({ ...event, time: new Date(Date.now() + 60_000).toISOString() });

/** What the orders that were reserved have done to the SKU at this place. */
export function unitsOf(held: readonly PlannedOrder[], at: number): { reserved: number; kept: number; back: number } {
  const sum = (which: (order: PlannedOrder) => boolean): number =>
    held.filter(which).reduce((total, { quantities }) => total + (quantities[at] ?? 0), 0);
  return {
    reserved: sum(({ fate }) => fate === 'nothing' || fate === 'expired'),
    kept: sum(({ fate }) => fate.startsWith('confirmed') && fate !== 'confirmed, cancelled'),
    back: held.filter(({ fate, quantities }) => fate === 'confirmed, refunded' && (quantities[at] ?? 0) > 0).length,
  };
}

/** Delivers in order of `at`, all of one moment concurrently: some as one packet, some as separate deliveries. */
export async function deliver(shop: Shop, planned: readonly Delivery[], republished: boolean): Promise<void> {
  const deliveries = planned.flatMap(({ event, at, copies }) =>
    Array.from({ length: copies }, (_, copy) => ({
      at: at + copy,
      // A copy has the same id when it is delivered again, and another when it is published again.
      event: copy === 2 && republished ? { ...event, id: uuidv7() } : event,
    })),
  );
  const moments = [...Map.groupBy(deliveries, ({ at }) => at)].sort(([a], [b]) => a - b);
  for (const [at, same] of moments) {
    const events = same.map(({ event }) => event);
    if (at % 2 === 0) await shop.publish(...events);
    else await Promise.all(events.map((event) => shop.publish(event)));
  }
}
