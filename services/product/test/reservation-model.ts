import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { decideReservations } from '../src/domain/decide-reservations.ts';
import type { OrderEvent, Reservation, StockLevel } from '../src/domain/reservation.ts';

export const SKUS = ['A', 'B', 'C'];
const expiresAt = new Date('2026-01-01T00:15:00Z');
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const price = { amount: 100, currency: 'EUR' };

export type Line = { sku: string; quantity: number };
type EventDataByType = { [T in OrderEvent['type']]: CloudEvent<T>['data'] };

function event<T extends OrderEvent['type']>(type: T, data: EventDataByType[T], second = 0): OrderEvent {
  const envelope = {
    specversion: '1.0',
    id: 'id',
    source: '/order',
    subject: data.orderId,
    datacontenttype: 'application/json',
  };
  return { ...envelope, type, time: at(second), data } as OrderEvent;
}
export const placed = (orderId: string, lines: Line[], amount = 100) =>
  event('order.placed.v1', {
    ...{ orderId, customerId: 'c', placedAt: at(0), total: price },
    lines: lines.map((line) => ({ ...line, unitPrice: { ...price, amount }, priceVersion: 1 })),
  });
export const confirmed = (orderId: string, second = 0) =>
  event('order.confirmed.v1', { orderId, customerId: 'c', total: price, lines: [] }, second);
export const cancelled = (orderId: string, second = 0) =>
  event('order.cancelled.v1', { orderId, reason: 'x', lines: [] }, second);
export const refunded = (orderId: string, refundId: string, restock: Line[]) =>
  event('order.refunded.v1', { orderId, customerId: 'c', refundId, amount: price, complete: false, restock });

export const returned = (orderId: string, returnId: string, lines: Line[], restock = true) =>
  event('order.returned.v1', { orderId, customerId: 'c', returnId, lines, restock });

export type Stock = Map<string, StockLevel & { sold: number }>;
export const stockOf = (...units: number[]): Stock =>
  new Map(
    units.map((onHand, n) => [
      SKUS[n] ?? '',
      { onHand, reserved: 0, sold: 0, forSale: true, suspendedSince: null, price },
    ]),
  );

/** Applies a batch to a state, as the store would. */
export function applyBatch(stock: Stock, reservations: Map<string, Reservation>, batch: readonly OrderEvent[]) {
  const decision = decideReservations(batch, { reservations, stock, expiresAt });
  for (const [id, reservation] of decision.reservations) reservations.set(id, reservation);
  for (const [sku, delta] of decision.deltas) {
    const level = stock.get(sku);
    if (!level) throw new Error(`nobody has ${sku}`);
    level.onHand += delta.onHand;
    level.reserved += delta.reserved;
    level.sold += delta.sold;
  }
  return decision.answers.map(({ type }) => type);
}

export const figures = (stock: Stock) =>
  [...stock.values()].map(({ onHand, reserved, sold }) => [onHand, reserved, sold]);
