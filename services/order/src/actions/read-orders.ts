import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Db } from '@tradepost/postgres/db';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Order } from '../domain/order.ts';
import { parseOrderNumber } from '../domain/order-number.ts';
import { fulfilmentsOf } from '../store/fulfilments.ts';
import { ledgerOfOrder } from '../store/ledger.ts';
import { listOrders, type OrderFilter, orderById, orderByNumber } from '../store/orders.ts';
import { type Refund, refundsOf, refundsOfOrders } from '../store/refunds.ts';
import { returnsOf } from '../store/returns.ts';
import { timelineAfter } from '../store/timeline.ts';
import { type Actor, scopeOf } from './access.ts';
import { type VisibleOrder, type VisibleRecords, visiblePart } from './visible-part.ts';

/** Whose orders are listed: those one placed, those that hold one's lines, or everybody's. */
export type RequestedPart = 'purchases' | 'sales' | 'all';

export type Page = { items: VisibleOrder[] /** The id to go on after; null on the last page. */; last: string | null };

/** A page of the orders that an actor may see; of others' orders, a seller sees their own lines only. */
export async function readOrders(
  db: Db,
  actor: Actor,
  wanted: RequestedPart | undefined,
  filter: Pick<OrderFilter, 'customerId' | 'status' | 'unsent' | 'before' | 'limit'> & { number?: string | undefined },
): Promise<Page> {
  const view = wanted ?? defaultView(actor);
  if (view === 'all' && !actor.isOperator) {
    throw new ProblemError('forbidden', 'Only an operator sees everybody’s orders');
  }
  if (view === 'sales' && actor.role !== 'seller') {
    throw new ProblemError('forbidden', 'Only a seller has sales');
  }
  if (filter.customerId !== undefined && view !== 'all') {
    throw new ProblemError('forbidden', 'Only an operator lists the orders of another customer');
  }
  const { number, ...rest } = filter;
  const rows =
    number === undefined
      ? await listOrders(db, { ...rest, ...owner(view, actor), limit: filter.limit + 1 })
      : await listByNumber(db, actor, view, number);
  const items = rows.slice(0, filter.limit);
  const last = rows.length > filter.limit ? (items.at(-1)?.id ?? null) : null;
  return { items: view === 'sales' ? await visibleOrders(db, items, actor) : items, last };
}

async function visibleOrders(db: Db, orders: readonly Order[], actor: Actor): Promise<VisibleOrder[]> {
  const refunded = orders.filter((order) => order.refunded > 0).map(({ id }) => id);
  const refunds = refunded.length > 0 ? await refundsOfOrders(db, refunded) : new Map<string, Refund[]>();
  return orders.map((order) => visiblePart({ order, refunds: refunds.get(order.id) ?? [] }, actor).order);
}

/** An order that was just read or written, as an actor may see it; refuses with `not_found` where they may not. */
export async function visibleOrder(db: Db, actor: Actor, order: Order): Promise<VisibleOrder> {
  if (scopeOf(order, order.id, actor).scope === 'whole') return order;
  return visiblePart({ order, refunds: await refundsOf(db, order.id) }, actor).order;
}

/** An order as far as it tells whether anything more happens to it; refuses with `not_found` where the actor may not see it. */
export async function readProgress(
  db: Db,
  actor: Actor,
  id: string,
): Promise<Pick<Order, 'version' | 'status' | 'lines' | 'captured' | 'refunded'>> {
  return scopeOf(await orderById(db, id), id, actor).order;
}

/** What of an order was sent, came back and was refunded, as an actor may see it. */
export async function readHandling(
  db: Db,
  actor: Actor,
  id: string,
): Promise<Pick<VisibleRecords, 'order' | 'fulfilments' | 'returns' | 'refunds'>> {
  const { order } = scopeOf(await orderById(db, id), id, actor);
  const [fulfilments, refunds, returns] = await Promise.all([
    fulfilmentsOf(db, id),
    refundsOf(db, id),
    returnsOf(db, id),
  ]);
  return visiblePart({ order, refunds, fulfilments, returns }, actor);
}

/** What has happened to an order after a version of it, as an actor may see it. */
export async function readTimeline(
  db: Db,
  actor: Actor,
  id: string,
  after: number,
): Promise<VisibleRecords['timeline']> {
  const { order, scope } = scopeOf(await orderById(db, id), id, actor);
  if (scope === 'whole') return timelineAfter(db, id, after);
  // From the beginning: whether an entry has changed the status is seen from the one before.
  const timeline = await timelineAfter(db, id, 0);
  const refunds = await refundsOf(db, id);
  return visiblePart({ order, refunds, timeline }, actor).timeline.filter(({ version }) => version > after);
}

/** The order with this number, as people type it, where it is in the view; empty where there is none. */
async function listByNumber(db: Db, actor: Actor, view: RequestedPart, typed: string): Promise<Order[]> {
  const number = parseOrderNumber(typed);
  const order = number === null ? null : await orderByNumber(db, number);
  if (!order) return [];
  const isInView = {
    purchases: order.customerId === actor.accountId,
    sales: order.lines.some((line) => line.sellerId === actor.accountId),
    all: true,
  }[view];
  return isInView ? [order] : [];
}

/** The ledger of an order. Refuses where there is none. */
export async function readLedger(db: Db, id: string): Promise<LedgerEntry[]> {
  const order = await orderById(db, id);
  if (!order) throw new ProblemError('not_found', `There is no order ${id}`);
  return ledgerOfOrder(db, id);
}

/** An order by its id or its number, as people type it; null for what is neither. */
export async function findOrder(db: Db, idOrNumber: string): Promise<Order | null> {
  if (UUID.test(idOrNumber)) return orderById(db, idOrNumber);
  const number = parseOrderNumber(idOrNumber);
  return number === null ? null : orderByNumber(db, number);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const defaultView = (actor: Actor): RequestedPart =>
  actor.isOperator ? 'all' : actor.role === 'seller' ? 'sales' : 'purchases';

function owner(view: RequestedPart, actor: Actor): Pick<OrderFilter, 'customerId' | 'sellerId'> {
  if (view === 'purchases') return { customerId: actor.accountId };
  return view === 'sales' ? { sellerId: actor.accountId } : {};
}
