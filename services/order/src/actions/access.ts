import { hasPermission, type Permission } from '@tradepost/contracts/permissions';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Role } from '@tradepost/contracts/roles';
import type { Order } from '../domain/order.ts';

/** Who asks: the verified identity. */
export type Actor = {
  accountId: string;
  role: Role;
  /** Of `staff`. */
  permissions?: readonly Permission[];
  /** Holds the permission that the route declares for operators. */
  isOperator?: true;
  /** The guest's order that a token has opened: who asks is its customer, whoever it belongs to by then. */
  opensOrder?: string;
};

/** Whether an actor is the customer of an order. */
export const isCustomer = (order: Order, actor: Actor): boolean =>
  order.customerId === actor.accountId || order.id === actor.opensOrder;

const notFound = (id: string): ProblemError =>
  new ProblemError('not_found', `There is no order ${id} that you may see`);

const notAllowed = (): ProblemError => new ProblemError('forbidden', 'You do not have the permission to do this');

const sellsIn = (order: Order, actor: Actor): boolean =>
  actor.role === 'seller' && order.lines.some((line) => line.sellerId === actor.accountId);

/**
 * How much of an order an actor sees: `whole` for its customer and for an operator, `lines` for a seller of lines of it. For
 * everybody else the order does not exist; an operator who may read it, but not do this, gets `forbidden`.
 */
export function scopeOf(order: Order | null, id: string, actor: Actor): { order: Order; scope: 'whole' | 'lines' } {
  if (!order) throw notFound(id);
  if (actor.isOperator || isCustomer(order, actor)) return { order, scope: 'whole' };
  if (!sellsIn(order, actor)) throw hasPermission(actor, 'orders:read') ? notAllowed() : notFound(id);
  return { order, scope: 'lines' };
}

/** Refuses all but those who may cancel: the customer and an operator. */
export function mayCancel(order: Order | null, id: string, actor: Actor): Order {
  const { order: seen, scope } = scopeOf(order, id, actor);
  if (scope === 'whole') return seen;
  throw new ProblemError('forbidden', 'Only the customer, or an operator, cancels an order: refund your lines instead');
}

/** Refuses all but those who may pay an order: the customer, and an operator for them. */
export function mayPay(order: Order | null, id: string, actor: Actor): Order {
  const { order: seen, scope } = scopeOf(order, id, actor);
  if (scope === 'whole') return seen;
  throw new ProblemError('forbidden', 'Only the customer, or an operator, pays an order');
}

/** Refuses all but those who may read who was billed, and what: the customer and an operator. */
export function mayReadInvoices(order: Order | null, id: string, actor: Actor): Order {
  const { order: seen, scope } = scopeOf(order, id, actor);
  if (scope === 'whole') return seen;
  throw new ProblemError('forbidden', 'Only the customer, or an operator, reads the invoices of an order');
}

/** Refuses all but those who may take the money of an order: operators. */
export function mayCapture(order: Order | null, id: string, actor: Actor): Order {
  const { order: seen } = scopeOf(order, id, actor);
  if (actor.isOperator) return seen;
  throw new ProblemError('forbidden', 'Only an operator takes the money of an order');
}

/**
 * Refuses all but those who may send or refund: an operator, and the sellers of its lines. Answers whose lines it is
 * about: a seller's id, or null for all.
 */
export function mayHandle(order: Order | null, id: string, actor: Actor): { order: Order; seller: string | null } {
  const { order: seen } = scopeOf(order, id, actor);
  if (actor.isOperator) return { order: seen, seller: null };
  if (sellsIn(seen, actor)) return { order: seen, seller: actor.accountId };
  throw new ProblemError('forbidden', 'Only the seller of the lines, or an operator, may do this');
}

/** Refuses all but those who may say that everything has arrived: an operator, and a seller who has sent all of it. */
export function mayDeliver(order: Order | null, id: string, actor: Actor): Order {
  const { order: seen, seller } = mayHandle(order, id, actor);
  if (seller === null || seen.lines.every((line) => line.sellerId === seller)) return seen;
  throw new ProblemError(
    'forbidden',
    'Other sellers have sent parts of this order too: an operator says that it has arrived',
  );
}
