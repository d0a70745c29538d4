import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { entriesOfChange, type LedgerEntry } from '../domain/ledger.ts';
import { isInProgress, type Order } from '../domain/order.ts';
import { transition } from '../domain/transition.ts';
import type { StateChange } from '../domain/transition-result.ts';
import { type ReopenedCart, reopenCarts } from '../store/carts.ts';
import { saveChanges } from '../store/order-changes.ts';
import { saveLines } from '../store/order-lines.ts';
import { lockOrders } from '../store/orders.ts';
import { giveBackUses } from '../store/promotion-uses.ts';
import { insertRefunds, type NewRefund } from '../store/refunds.ts';
import type { GoodsReturn } from '../store/returns.ts';
import type { NewEntry } from '../store/timeline.ts';
import { type Change, traceOf } from './change.ts';
import type { Context } from './context.ts';
import { outgoingEvents, unknownOrder } from './outgoing-events.ts';

/** The orders after the changes, those that changed and those that did not. */
export type AppliedTransition = { orders: Map<string, Order>; changed: Set<string> };

/** Locks the orders and applies their inputs: one path for messages, payments, timers and requests. */
export async function applyTransitions(tx: Tx, ctx: Context, changes: readonly Change[]): Promise<AppliedTransition> {
  const locked = await lockOrders(tx, [...new Set(changes.map((change) => change.orderId))]);
  return applyTransitionsLocked(tx, ctx, locked, changes);
}

/**
 * Runs the pure transition for each change in turn, on orders that this transaction has locked and read since, and writes
 * status, lines, timeline, refunds and events.
 */
export async function applyTransitionsLocked(
  tx: Tx,
  ctx: Context,
  locked: ReadonlyMap<string, Order>,
  changes: readonly Change[],
): Promise<AppliedTransition> {
  const orders = new Map(locked);
  const log = emptyChangeLog();
  const dueAt = new Map<string, Date | null>();
  for (const change of changes) {
    const order = orders.get(change.orderId);
    if (!order) {
      if (change.input.type === 'reservation_expired') log.events.push(unknownOrder(change.orderId));
      continue;
    }
    const result = transition(order, change.input);
    const next = result.kind === 'changed' ? apply(ctx, order, result) : order;
    const emitted = await outgoingEvents(ctx, result.emit, next, change);
    log.events.push(...emitted);
    if (result.kind === 'unchanged') continue;
    orders.set(order.id, next);
    dueAt.set(order.id, dueAfter(next));
    if (result.lines) log.withLines.add(order.id);
    if (endedUnpaid(next) && usesPromotions(next)) log.givenBack.push(order.id);
    if (result.reopensCart && order.cartId)
      log.reopened.push({ cartId: order.cartId, orderId: order.id, at: next.updatedAt });
    log.timeline.push({ ...timelineEntryOf(next, change, result), causedBy: change.causedBy, emitted });
    const refund =
      result.refund && change.input.type !== 'refund_booked' ? automaticRefund(next, result.refund) : undefined;
    if (refund) log.refunds.push(refund);
    log.ledger.push(...entriesOfChange(order, next, (refund ?? change.refund)?.id));
  }
  const changed = new Set(dueAt.keys());
  await write(tx, orders, dueAt, log);
  tx.onCommit(() => ctx.changed([...changed].flatMap((id) => orders.get(id) ?? [])));
  return { orders, changed };
}

type ChangeLog = {
  timeline: NewEntry[];
  events: CloudEvent[];
  refunds: NewRefund[];
  /** Orders whose lines have changed. */
  withLines: Set<string>;
  reopened: ReopenedCart[];
  /** Orders that give back the uses of their promotions. */
  givenBack: string[];
  ledger: LedgerEntry[];
};

const emptyChangeLog = (): ChangeLog => ({
  ...{ timeline: [], events: [], refunds: [], withLines: new Set(), reopened: [], givenBack: [], ledger: [] },
});

const endedUnpaid = ({ status, captured }: Order): boolean =>
  (status === 'rejected' || status === 'cancelled') && captured === 0;

const usesPromotions = ({ adjustments }: Order): boolean => adjustments.some(({ type }) => type === 'promotion');

async function write(
  tx: Tx,
  orders: ReadonlyMap<string, Order>,
  dueAt: ReadonlyMap<string, Date | null>,
  log: ChangeLog,
): Promise<void> {
  const saved = [...dueAt].flatMap(([id, due]) => {
    const order = orders.get(id);
    return order ? [{ order, dueAt: due }] : [];
  });
  if (log.refunds.length > 0) await insertRefunds(tx, log.refunds);
  await saveLines(
    tx,
    [...log.withLines].flatMap((id) => orders.get(id) ?? []),
  );
  // Before carts, in which order `insertOrders` locks them too.
  if (log.givenBack.length > 0) await giveBackUses(tx, log.givenBack);
  if (log.reopened.length > 0) await reopenCarts(tx, log.reopened);
  saveChanges(tx, { orders: saved, timeline: log.timeline, events: log.events, ledger: log.ledger });
}

function apply(ctx: Context, order: Order, result: StateChange): Order {
  const paying = { ...order, ...result.payment };
  const now = ctx.now();
  return {
    ...paying,
    status: result.status,
    version: order.version + 1,
    reason: result.reason ?? order.reason,
    lines: result.lines ?? order.lines,
    captured: result.captured ?? order.captured,
    refunded: order.refunded + (result.refund ?? 0),
    cancelRequested: result.cancelRequested ?? order.cancelRequested,
    // Whoever reserves it asks for its payment next.
    paymentAttempts: result.status === 'reserved' ? Math.max(1, paying.paymentAttempts) : paying.paymentAttempts,
    // Once it was used, nobody needs it any more.
    paymentToken: isInProgress(result.status) ? paying.paymentToken : null,
    ...(result.status === 'reserved' && timeToPay(ctx, order, paying)),
    updatedAt: now,
  };
}

/**
 * Since when an order is reserved, and until when it may be paid. Another provider has a deadline of its own, which begins anew, but ends no
 * later than it would have from the reservation on: whoever goes to and fro between two providers does not hold the stock for ever.
 */
function timeToPay(ctx: Context, before: Order, { paymentProvider }: Order): Pick<Order, 'reservedAt' | 'payBy'> {
  const { reservedAt, payBy } = before;
  const now = ctx.now();
  const within = ctx.payWithinMs(paymentProvider);
  if (reservedAt === null) return { reservedAt: now, payBy: new Date(now.getTime() + within) };
  if (before.paymentProvider === paymentProvider) return { reservedAt, payBy };
  const latest = Math.max(payBy?.getTime() ?? 0, reservedAt.getTime() + within);
  return { reservedAt, payBy: new Date(Math.min(now.getTime() + within, latest)) };
}

/** How long whoever has reserved an order has for its payment, before others ask for it. */
const LEASE_MS = 20_000;

/** What was asked for is looked at at once. An order that is settled, or authorised, awaits nothing. */
function dueAfter({ status, cancelRequested, captureRequested, updatedAt }: Order): Date | null {
  if (status !== 'reserved' && status !== 'awaiting_payment' && status !== 'authorized') return null;
  if (cancelRequested || captureRequested) return updatedAt;
  return status === 'authorized' ? null : new Date(updatedAt.getTime() + LEASE_MS);
}

function timelineEntryOf(order: Order, change: Change, result: StateChange) {
  const { fulfilment, refund, goodsReturn } = change;
  return {
    orderId: order.id,
    version: order.version,
    type: change.input.type,
    status: order.status,
    at: order.updatedAt,
    traceparent: traceOf(order, change) ?? null,
    data: {
      ...(result.reason ? { reason: result.reason } : {}),
      ...(result.payment?.paymentProblem ? { reason: result.payment.paymentProblem } : {}),
      ...(result.refund ? { refund: { amount: result.refund, currency: order.total.currency } } : {}),
      ...(fulfilment
        ? { lines: fulfilment.lines, carrier: fulfilment.carrier, trackingNumber: fulfilment.trackingNumber }
        : {}),
      ...(goodsReturn && returnData(goodsReturn)),
      ...(refund ? { refundReason: refund.reason, refundId: refund.id } : {}),
    },
  };
}

const returnData = ({ id, lines, restock, reason }: GoodsReturn) => ({
  ...{ lines, restock, returnReason: reason, returnId: id },
});

/** The refund of an order that was paid and cancelled: at most one for each order, hence the fixed key of no account. */
function automaticRefund(order: Order, amount: number): NewRefund {
  return {
    id: uuidv7(),
    orderId: order.id,
    amount,
    status: 'pending',
    reason: order.reason ?? 'cancelled',
    lines: [],
    createdBy: null,
    createdAt: order.updatedAt,
    idempotencyKey: 'cancelled',
    requestHash: Buffer.alloc(0),
  };
}
