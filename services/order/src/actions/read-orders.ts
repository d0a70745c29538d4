import { Refusal } from '@tradepost/contracts/refusal';
import type { Db } from '@tradepost/postgres/db';
import type { Order } from '../domain/order.ts';
import { listOrders, type OrderFilter } from '../store/orders.ts';
import { type Actor, visibleTo } from './access.ts';

/** Whose orders are listed: those one placed, those that hold one's lines, or everybody's. */
export type View = 'purchases' | 'sales' | 'all';

export type Page = { items: Order[] /** The id to go on after; null on the last page. */; last: string | null };

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
  return { items: view === 'sales' ? items.map((order) => visibleTo(order, order.id, actor)) : items, last };
}

const defaultView = (actor: Actor): View =>
  actor.role === 'admin' ? 'all' : actor.role === 'seller' ? 'sales' : 'purchases';

function owner(view: View, actor: Actor): Pick<OrderFilter, 'customerId' | 'sellerId'> {
  if (view === 'purchases') return { customerId: actor.accountId };
  return view === 'sales' ? { sellerId: actor.accountId } : {};
}
