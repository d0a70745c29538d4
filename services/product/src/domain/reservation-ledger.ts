import type { EventData } from '@tradepost/contracts/events';
import type {
  Decision,
  OrderEvent,
  ReplyType,
  Reservation,
  ReservedLine,
  StockDelta,
  StockLevel,
} from './reservation.ts';

export type Facts = {
  reservations: ReadonlyMap<string, Reservation>;
  stock: ReadonlyMap<string, StockLevel>;
  /** For what is reserved now. */
  expiresAt: Date;
};

/** What one event is worked through with: the facts, and what the events before have made of them. */
export type Ledger = Facts & { decision: Decision; event: OrderEvent };

/** The reservation of an order, as the events before have left it. */
export const reservationOf = (ledger: Ledger, orderId: string): Reservation | undefined =>
  ledger.decision.reservations.get(orderId) ?? ledger.reservations.get(orderId);

/** What the events before in this batch have made available of a SKU; negative if they took some. */
export function unitsFreed(ledger: Ledger, sku: string): number {
  const delta = ledger.decision.deltas.get(sku);
  return delta ? delta.onHand - delta.reserved : 0;
}

export function answerReleased(ledger: Ledger, orderId: string, lines: { sku: string; quantity: number }[]): void {
  if (lines.length > 0) recordAnswer(ledger, { type: 'stock.released.v1', data: { orderId, lines } });
}

type AnswerEvent = { [T in ReplyType]: { type: T; data: EventData<T> } }[ReplyType];

/** Tells `order` something because of the present event. */
export function recordAnswer({ decision, event }: Ledger, told: AnswerEvent): void {
  decision.answers.push({ ...told, cause: event });
}

/** Changes the figures of one SKU. */
export function moveStock(ledger: Ledger, sku: string, change: Partial<StockDelta>): void {
  const { decision, stock, event } = ledger;
  const { onHand, reserved, sold } = decision.deltas.get(sku) ?? { onHand: 0, reserved: 0, sold: 0 };
  const delta = change.onHand ?? 0;
  decision.deltas.set(sku, {
    onHand: onHand + delta,
    reserved: reserved + (change.reserved ?? 0),
    sold: sold + (change.sold ?? 0),
  });
  if (delta === 0) return;
  const { orderId } = event.data;
  decision.movements.push({ sku, orderId, delta, onHand: (stock.get(sku)?.onHand ?? 0) + onHand + delta });
}

export const plainLine = ({ sku, quantity }: ReservedLine) => ({ sku, quantity });
