import type { Tx } from '@tradepost/postgres/db';
import { newEvent } from '@tradepost/postgres/outbox';
import { decideReservations } from '../domain/decide-reservations.ts';
import type { OrderEvent, Reservation, StockDelta, StockReply } from '../domain/reservation.ts';
import { noteInStock } from '../store/in-stock.ts';
import { saveReservationChanges } from '../store/reservation-changes.ts';
import { lockReservations } from '../store/reservations.ts';
import { type LockedStock, lockStock } from '../store/stock.ts';
import { announceLowStock } from './announce-low-stock.ts';
import { type Context, SOURCE } from './context.ts';

/**
 * Does what a batch of events about orders asks for, with a handful of statements however many they are. Everything is
 * locked first (orders by id, then SKUs in their order), decided from what the locked rows say, and then written.
 */
export async function applyOrderEvents(tx: Tx, ctx: Context, events: readonly OrderEvent[]): Promise<void> {
  if (events.length === 0) return;
  const now = ctx.now();
  const reservations = await lockReservations(tx, [...new Set(events.map((event) => event.data.orderId))]);
  const stock = await lockStock(tx, skusOf(events, reservations));
  const expiresAt = new Date(now.getTime() + ctx.reservationTtlMs);
  const decision = decideReservations(events, { reservations, stock, expiresAt });
  saveReservationChanges(tx, {
    deltas: decision.deltas,
    movements: decision.movements,
    reservations: [...decision.reservations.values()],
    known: new Set(reservations.keys()),
    answers: decision.answers.map(toEvent),
    now,
  });
  await announceLowStock(tx, ctx, { stock, deltas: decision.deltas });
  await noteInStock(tx, productsOf(stock, decision.deltas, crossesZero));
  tx.onCommit(() => ctx.cache.forget(productsOf(stock, decision.deltas, () => true)));
}

function skusOf(events: readonly OrderEvent[], reservations: ReadonlyMap<string, Reservation>): string[] {
  const skus = new Set<string>();
  for (const event of events) {
    if (event.type === 'order.placed.v1') for (const { sku } of event.data.lines) skus.add(sku);
  }
  for (const { lines } of reservations.values()) for (const { sku } of lines) skus.add(sku);
  return [...skus];
}

function productsOf(
  stock: ReadonlyMap<string, LockedStock>,
  deltas: ReadonlyMap<string, StockDelta>,
  concerns: (before: LockedStock, delta: StockDelta) => boolean,
): string[] {
  const ids = new Set<string>();
  for (const [sku, delta] of deltas) {
    const before = stock.get(sku);
    if (before && concerns(before, delta)) ids.add(before.productId);
  }
  return [...ids];
}

/** Whether the last unit went, or the first came back. */
function crossesZero({ onHand, reserved }: LockedStock, delta: StockDelta): boolean {
  const before = onHand - reserved;
  return before > 0 !== before + delta.onHand - delta.reserved > 0;
}

function toEvent({ type, data, cause }: StockReply) {
  const { traceparent } = cause;
  return newEvent({ source: SOURCE, type, subject: data.orderId, data, traceparent });
}
