import { Refusal } from '@tradepost/contracts/refusal';
import type { Db } from '@tradepost/postgres/db';
import type { Order } from '../domain/order.ts';
import { fulfilmentsOf } from '../store/fulfilments.ts';
import { listOrders, type OrderFilter, orderById } from '../store/orders.ts';
import { type Refund, refundsOf, refundsOfOrders } from '../store/refunds.ts';
import { timelineAfter } from '../store/timeline.ts';
import { type Actor, scopeOf, type VisibleOrder, type VisibleRecords, visiblePart } from './access.ts';

/** Whose orders are listed: those one placed, those that hold one's lines, or everybody's. */
export type View = 'purchases' | 'sales' | 'all';

export type Page = { items: VisibleOrder[] /** The id to go on after; null on the last page. */; last: string | null };

/** A page of the orders that an actor may see; of others' orders, a seller sees their own lines only. */
export async function readOrders(
  db: Db,
  actor: Actor,
  wanted: View | undefined,
  filter: Pick<OrderFilter, 'status' | 'unsent' | 'before' | 'limit'>,
): Promise<Page> {
  const view = wanted ?? defaultView(actor);
  if (view === 'all' && actor.role !== 'admin') {
    throw new Refusal('forbidden', 'Only an operator sees everybody’s orders');
  }
  if (view === 'sales' && actor.role !== 'seller') {
    throw new Refusal('forbidden', 'Only a seller has sales');
  }
  const rows = await listOrders(db, { ...filter, ...owner(view, actor), limit: filter.limit + 1 });
  const items = rows.slice(0, filter.limit);
  const last = rows.length > filter.limit ? (items.at(-1)?.id ?? null) : null;
  return { items: view === 'sales' ? await visibleOrders(db, items, actor) : items, last };
}

async function visibleOrders(db: Db, orders: readonly Order[], actor: Actor): Promise<VisibleOrder[]> {
  const refunded = orders.filter((order) => order.refunded > 0).map(({ id }) => id);
  const refunds = refunded.length > 0 ? await refundsOfOrders(db, refunded) : new Map<string, Refund[]>();
  return orders.map((order) => visiblePart({ order, refunds: refunds.get(order.id) ?? [] }, actor).order);
}

/** An order as an actor may see it; refuses with `not_found` where they may not. */
export async function readOrder(db: Db, actor: Actor, id: string): Promise<VisibleOrder> {
  return visibleOrder(db, actor, scopeOf(await orderById(db, id), id, actor).order);
}

/** The same, of an order that was just read or written. */
export async function visibleOrder(db: Db, actor: Actor, order: Order): Promise<VisibleOrder> {
  if (scopeOf(order, order.id, actor).scope === 'whole') return order;
  return visiblePart({ order, refunds: await refundsOf(db, order.id) }, actor).order;
}

/** What of an order was sent and refunded, as an actor may see it. */
export async function readHandling(
  db: Db,
  actor: Actor,
  id: string,
): Promise<Pick<VisibleRecords, 'order' | 'fulfilments' | 'refunds'>> {
  const { order } = scopeOf(await orderById(db, id), id, actor);
  const [fulfilments, refunds] = await Promise.all([fulfilmentsOf(db, id), refundsOf(db, id)]);
  return visiblePart({ order, refunds, fulfilments }, actor);
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

const defaultView = (actor: Actor): View =>
  actor.role === 'admin' ? 'all' : actor.role === 'seller' ? 'sales' : 'purchases';

function owner(view: View, actor: Actor): Pick<OrderFilter, 'customerId' | 'sellerId'> {
  if (view === 'purchases') return { customerId: actor.accountId };
  return view === 'sales' ? { sellerId: actor.accountId } : {};
}
