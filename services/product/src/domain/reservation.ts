import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventData, RejectionReason } from '@tradepost/contracts/events';
import type { Money } from '@tradepost/contracts/money';
import { ProblemError } from '@tradepost/contracts/problem-error';

/** What `order` says about an order, as far as its stock goes. */
export type OrderEvent = CloudEvent<
  'order.placed.v1' | 'order.confirmed.v1' | 'order.cancelled.v1' | 'order.refunded.v1'
>;

export type ReservedLine = {
  sku: string;
  quantity: number;
  /** Of what was sold: what came back on sale. */
  returned: number;
};

type RejectedLine = EventData<'stock.rejected.v1'>['lines'][number];

export type Reservation = {
  orderId: string;
  status: 'held' | 'sold' | 'released' | 'rejected';
  /** One per SKU. */
  lines: ReservedLine[];
  rejection: RejectedLine[] | null;
  /** The refunds whose goods have come back. */
  refunds: string[];
  expiresAt: Date | null;
  cancelledAt: Date | null;
};

/** One SKU, as it stands in its locked row. */
export type StockLevel = {
  onHand: number;
  reserved: number;
  forSale: boolean;
  /** Since when its seller may not sell; null while they may. Orders that were accepted before are honoured. */
  suspendedSince: Date | null;
  price: Money;
};

/** What is added to the figures of one SKU; negative to take away. */
export type StockDelta = { onHand: number; reserved: number; sold: number };

type AnswerType = 'stock.reserved.v1' | 'stock.rejected.v1' | 'stock.released.v1' | 'stock.sold.v1';

/** What `order` is told, and the event that it is told because of. */
export type Answer = { [T in AnswerType]: { type: T; data: EventData<T>; cause: OrderEvent } }[AnswerType];

/** Units of a SKU that left for an order, or came back from it. */
export type OrderMovement = {
  sku: string;
  orderId: string;
  /** What was added to what is on hand: below 0 for a sale, above it for what came back. */
  delta: number;
  /** What it came to. */
  onHand: number;
};

export type Decision = {
  /** As they are from now on; those that did not change are left out. */
  reservations: Map<string, Reservation>;
  /** By SKU; those that come to nothing are left out. */
  deltas: Map<string, StockDelta>;
  /** What left and what came back, in order. */
  movements: OrderMovement[];
  /** What `order` is told, in order. */
  answers: Answer[];
};

type Facts = {
  reservations: ReadonlyMap<string, Reservation>;
  stock: ReadonlyMap<string, StockLevel>;
  /** For what is reserved now. */
  expiresAt: Date;
};

/** What one event is worked through with: the facts, and what the events before have made of them. */
type Ledger = Facts & { decision: Decision; event: OrderEvent };

/**
 * Decides about a batch of events, one after the other, from what is stored. Whatever comes twice, late or in another
 * order ends where it would have ended in order: all of an order's lines are held or none, nothing is held that there
 * is not, and what is given back is given back once. Throws for what no order of events explains.
 */
export function decide(events: readonly OrderEvent[], facts: Facts): Decision {
  const decision: Decision = { reservations: new Map(), deltas: new Map(), movements: [], answers: [] };
  for (const event of events) apply({ ...facts, decision, event });
  for (const [sku, delta] of decision.deltas) {
    if (delta.onHand === 0 && delta.reserved === 0 && delta.sold === 0) decision.deltas.delete(sku);
  }
  return decision;
}

function apply(ledger: Ledger): void {
  const { event } = ledger;
  if (event.type === 'order.placed.v1') place(ledger, event.data);
  else if (event.type === 'order.confirmed.v1') confirm(ledger, event);
  else if (event.type === 'order.cancelled.v1') cancel(ledger, event);
  else restock(ledger, event.data);
}

const known = (ledger: Ledger, orderId: string): Reservation | undefined =>
  ledger.decision.reservations.get(orderId) ?? ledger.reservations.get(orderId);

function place(ledger: Ledger, order: EventData<'order.placed.v1'>): void {
  const { orderId } = order;
  const before = known(ledger, orderId);
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
    answer(ledger, { type: 'stock.rejected.v1', data: { orderId, lines: rejection } });
    return;
  }
  for (const { sku, quantity } of lines) move(ledger, sku, { reserved: quantity });
  const reservation: Reservation = { ...blank, status: 'held', expiresAt: ledger.expiresAt };
  ledger.decision.reservations.set(orderId, reservation);
  answerAgain(ledger, reservation);
}

/** `order` asks again when it has heard no answer. One that was cancelled or paid has nothing to wait for. */
function answerAgain(ledger: Ledger, { orderId, status, lines, rejection, expiresAt }: Reservation): void {
  if (status === 'held' && expiresAt) {
    const data = { orderId, expiresAt: expiresAt.toISOString(), lines: lines.map(plainLine) };
    answer(ledger, { type: 'stock.reserved.v1', data });
  }
  if (status === 'rejected' && rejection) {
    answer(ledger, { type: 'stock.rejected.v1', data: { orderId, lines: rejection } });
  }
}

function rejected(ledger: Ledger, order: EventData<'order.placed.v1'>, wanted: Map<string, number>): RejectedLine[] {
  const lines = new Map<string, RejectedLine>();
  for (const { sku, unitPrice } of order.lines) {
    const requested = wanted.get(sku) ?? 0;
    const level = ledger.stock.get(sku);
    const available = level ? level.onHand - level.reserved + freed(ledger, sku) : 0;
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

/** What the events before in this batch have made available of a SKU; negative if they took some. */
function freed(ledger: Ledger, sku: string): number {
  const delta = ledger.decision.deltas.get(sku);
  return delta ? delta.onHand - delta.reserved : 0;
}

function confirm(ledger: Ledger, event: CloudEvent<'order.confirmed.v1'>): void {
  const { orderId } = event.data;
  const reservation = known(ledger, orderId);
  if (reservation?.status === 'held') {
    sell(ledger, reservation);
    return;
  }
  if (reservation?.status === 'sold') return;
  // A confirmation from before the cancellation that was handled first.
  const cancelledAt = reservation?.status === 'released' ? reservation.cancelledAt : null;
  if (cancelledAt && cancelledAt.getTime() >= Date.parse(event.time)) return;
  throw new ProblemError(
    'conflict',
    `Order ${orderId} is confirmed, but nothing is held for it (${reservation?.status ?? 'never reserved'})`,
  );
}

function sell(ledger: Ledger, reservation: Reservation): void {
  const { orderId, lines } = reservation;
  for (const { sku, quantity } of lines) move(ledger, sku, { onHand: -quantity, reserved: -quantity, sold: quantity });
  ledger.decision.reservations.set(orderId, { ...reservation, status: 'sold' });
  answer(ledger, { type: 'stock.sold.v1', data: { orderId, lines: lines.map(plainLine) } });
}

function cancel(ledger: Ledger, event: CloudEvent<'order.cancelled.v1'>): void {
  const { orderId } = event.data;
  const cancelledAt = new Date(event.time);
  const reservation = known(ledger, orderId);
  if (!reservation) {
    // Ahead of order.placed, which is to find that there is nothing to hold any more.
    const tombstone: Reservation = {
      orderId,
      status: 'released',
      lines: [],
      rejection: null,
      refunds: [],
      expiresAt: null,
      cancelledAt,
    };
    ledger.decision.reservations.set(orderId, tombstone);
    return;
  }
  const { status, lines } = reservation;
  if (status === 'rejected') return;
  const latest =
    reservation.cancelledAt && reservation.cancelledAt > cancelledAt ? reservation.cancelledAt : cancelledAt;
  const back = status === 'released' ? [] : lines.filter((line) => line.quantity > line.returned);
  for (const { sku, quantity, returned } of back) {
    if (status === 'held') move(ledger, sku, { reserved: -quantity });
    else move(ledger, sku, { onHand: quantity - returned, sold: returned - quantity });
  }
  const all = status === 'sold' ? lines.map((line) => ({ ...line, returned: line.quantity })) : lines;
  ledger.decision.reservations.set(orderId, { ...reservation, status: 'released', lines: all, cancelledAt: latest });
  released(
    ledger,
    orderId,
    back.map(({ sku, quantity, returned }) => ({ sku, quantity: quantity - returned })),
  );
}

function restock(ledger: Ledger, { orderId, refundId, restock: wanted }: EventData<'order.refunded.v1'>): void {
  if (wanted.length === 0) return;
  const before = known(ledger, orderId);
  if (!before) throw new ProblemError('conflict', `Order ${orderId} is refunded, but nothing was ever reserved for it`);
  // Only what was paid is refunded: this is ahead of order.confirmed, which will find it sold.
  if (before.status === 'held') sell(ledger, before);
  const reservation = known(ledger, orderId);
  if (reservation?.status !== 'sold' || reservation.refunds.includes(refundId)) return;
  const back: { sku: string; quantity: number }[] = [];
  const lines = reservation.lines.map((line) => {
    const asked = wanted.reduce((sum, { sku, quantity }) => (sku === line.sku ? sum + quantity : sum), 0);
    // Never more than was sold, whatever comes back in how many parts.
    const quantity = Math.min(asked, line.quantity - line.returned);
    if (quantity === 0) return line;
    move(ledger, line.sku, { onHand: quantity, sold: -quantity });
    back.push({ sku: line.sku, quantity });
    return { ...line, returned: line.returned + quantity };
  });
  ledger.decision.reservations.set(orderId, { ...reservation, lines, refunds: [...reservation.refunds, refundId] });
  released(ledger, orderId, back);
}

function released(ledger: Ledger, orderId: string, lines: { sku: string; quantity: number }[]): void {
  if (lines.length > 0) answer(ledger, { type: 'stock.released.v1', data: { orderId, lines } });
}

type AnswerEvent = { [T in AnswerType]: { type: T; data: EventData<T> } }[AnswerType];

function answer({ decision, event }: Ledger, told: AnswerEvent): void {
  decision.answers.push({ ...told, cause: event });
}

function move(ledger: Ledger, sku: string, change: Partial<StockDelta>): void {
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

const plainLine = ({ sku, quantity }: ReservedLine) => ({ sku, quantity });
