import { Refusal } from '@tradepost/contracts/refusal';
import type { Role } from '@tradepost/contracts/roles';
import type { Order } from '../domain/order.ts';

/** Who asks: the verified identity. */
export type Actor = { accountId: string; role: Role };

const notFound = (id: string): Refusal => new Refusal('not_found', `There is no order ${id} that you may see`);

const sellsIn = (order: Order, actor: Actor): boolean =>
  actor.role === 'seller' && order.lines.some((line) => line.sellerId === actor.accountId);

/**
 * The part of an order that an actor may see: all of it for its customer and for an admin, a seller's own lines for
 * that seller. To everybody else it does not exist.
 */
export function visibleTo(order: Order | null, id: string, actor: Actor): Order {
  if (!order) throw notFound(id);
  if (actor.role === 'admin' || order.customerId === actor.accountId) return order;
  if (!sellsIn(order, actor)) throw notFound(id);
  return { ...order, lines: order.lines.filter((line) => line.sellerId === actor.accountId) };
}

/** Refuses all but those who may cancel: the customer and an admin. */
export function mayCancel(order: Order | null, id: string, actor: Actor): Order {
  const seen = visibleTo(order, id, actor);
  if (actor.role === 'admin' || seen.customerId === actor.accountId) return seen;
  throw new Refusal('forbidden', 'Only the customer, or an operator, cancels an order: refund your lines instead');
}

/**
 * Refuses all but those who may send or refund: an admin, and the sellers of its lines. Answers whose lines it is
 * about: a seller's id, or null for all.
 */
export function mayHandle(order: Order | null, id: string, actor: Actor): { order: Order; seller: string | null } {
  const seen = visibleTo(order, id, actor);
  if (!order || actor.role === 'admin') return { order: seen, seller: null };
  if (sellsIn(order, actor)) return { order, seller: actor.accountId };
  throw new Refusal('forbidden', 'Only the seller of the lines, or an operator, may do this');
}
