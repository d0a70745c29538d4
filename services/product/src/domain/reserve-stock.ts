import type { EventData } from '@tradepost/contracts/events';
import type { Money } from '@tradepost/contracts/money';
import type { RejectionReason } from '@tradepost/contracts/rejection-reason';
import type { RejectedLine, Reservation, StockLevel } from './reservation.ts';
import { type Ledger, moveStock, plainLine, recordAnswer, reservationOf, unitsFreed } from './reservation-ledger.ts';

/** `order.placed`: holds all lines of an order, or rejects it with a reason for each line that cannot be had. */
export function reserveStock(ledger: Ledger, order: EventData<'order.placed.v1'>): void {
  const { orderId } = order;
  const before = reservationOf(ledger, orderId);
  if (before) {
    answerAgain(ledger, before);
    return;
  }
  const wanted = new Map<string, number>();
  for (const { sku, quantity } of order.lines) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
  const rejection = rejected(ledger, order, wanted);
  const lines = [...wanted].map(([sku, quantity]) => ({ sku, quantity, returned: 0 }));
  const blank = { orderId, lines, rejection: null, refunds: [], expiresAt: null, cancelledAt: null };
  if (rejection.length > 0) {
    ledger.decision.reservations.set(orderId, { ...blank, status: 'rejected', rejection });
    recordAnswer(ledger, { type: 'stock.rejected.v1', data: { orderId, lines: rejection } });
    return;
  }
  for (const { sku, quantity } of lines) moveStock(ledger, sku, { reserved: quantity });
  const reservation: Reservation = { ...blank, status: 'held', expiresAt: ledger.expiresAt };
  ledger.decision.reservations.set(orderId, reservation);
  answerAgain(ledger, reservation);
}

/** `order` asks again when it has heard no answer. One that was cancelled or paid has nothing to wait for. */
function answerAgain(ledger: Ledger, { orderId, status, lines, rejection, expiresAt }: Reservation): void {
  if (status === 'held' && expiresAt) {
    const data = { orderId, expiresAt: expiresAt.toISOString(), lines: lines.map(plainLine) };
    recordAnswer(ledger, { type: 'stock.reserved.v1', data });
  }
  if (status === 'rejected' && rejection) {
    recordAnswer(ledger, { type: 'stock.rejected.v1', data: { orderId, lines: rejection } });
  }
}

function rejected(ledger: Ledger, order: EventData<'order.placed.v1'>, wanted: Map<string, number>): RejectedLine[] {
  const lines = new Map<string, RejectedLine>();
  for (const { sku, unitPrice } of order.lines) {
    const requested = wanted.get(sku) ?? 0;
    const level = ledger.stock.get(sku);
    const available = level ? level.onHand - level.reserved + unitsFreed(ledger, sku) : 0;
    const isLate = level?.suspendedSince ? level.suspendedSince.getTime() <= Date.parse(order.placedAt) : false;
    const reason = isLate ? 'not_for_sale' : reasonAgainst(level, unitPrice, available - requested);
    if (reason) lines.set(sku, { sku, reason, requested, available: Math.max(available, 0) });
  }
  return [...lines.values()];
}

/**
 * The price counts, not its version: a price that went up and came back is the price that the shopper agreed to.
 */
function reasonAgainst(level: StockLevel | undefined, price: Money, left: number): RejectionReason | undefined {
  if (!level) return 'unknown_sku';
  if (!level.forSale) return 'not_for_sale';
  if (price.amount !== level.price.amount || price.currency !== level.price.currency) return 'price_changed';
  return left < 0 ? 'insufficient_stock' : undefined;
}
