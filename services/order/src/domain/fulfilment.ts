import type { OrderStatus } from '@tradepost/contracts/order-status';
import type { FieldError } from '@tradepost/contracts/problem';
import type { Order, OrderLine } from './order.ts';
import type { WantedLine } from './pricing.ts';

export type LinePlan = { ok: true; lines: WantedLine[] } | { ok: false; detail: string; errors: FieldError[] };

/**
 * The units of an order that one fulfilment (or one refund, or one return) is about: those that are named, or all that are left.
 * `open` tells how many units of a line are left; `seller` limits it to that seller's lines (null: any).
 */
export function planLines(
  order: Order,
  named: readonly WantedLine[] | undefined,
  seller: string | null,
  open: (line: OrderLine) => number,
): LinePlan {
  const own = order.lines.filter((line) => seller === null || line.sellerId === seller);
  if (!named) {
    const lines = own.map((line) => ({ sku: line.sku, quantity: open(line) })).filter((line) => line.quantity > 0);
    return lines.length > 0 ? { ok: true, lines } : { ok: false, detail: 'Nothing of the order is left', errors: [] };
  }
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, { sku, quantity }] of named.entries()) {
    const line = own.find((candidate) => candidate.sku === sku);
    const field = `/lines/${index}`;
    if (!line) errors.push({ field: `${field}/sku`, message: `${sku} is not a line of this order that is yours` });
    else if (seen.has(sku)) errors.push({ field: `${field}/sku`, message: `${sku} is named twice` });
    else if (quantity > open(line)) {
      errors.push({ field: `${field}/quantity`, message: `only ${open(line)} of ${sku} are left` });
    }
    seen.add(sku);
  }
  if (errors.length > 0) return { ok: false, detail: errors.map((error) => error.message).join('; '), errors };
  return { ok: true, lines: [...named] };
}

/** Units of a line that are still to be sent. */
export const unsentUnits = (line: OrderLine): number => line.quantity - line.fulfilled - line.withdrawn;

/** Units of a line whose money can still be given back. */
export const unrefundedUnits = (line: OrderLine): number => line.quantity - line.refunded;

/** Units of a line that were sent and did not come back. */
export const returnableUnits = (line: OrderLine): number => line.fulfilled - line.returned;

/** Adds units to what came back. */
export const addReturned = (lines: readonly OrderLine[], back: readonly WantedLine[]): OrderLine[] =>
  lines.map((line) => ({ ...line, returned: line.returned + unitsOf(back, line.sku) }));

/** Adds units to what was sent. */
export const addSent = (lines: readonly OrderLine[], sent: readonly WantedLine[]): OrderLine[] =>
  lines.map((line) => ({ ...line, fulfilled: line.fulfilled + unitsOf(sent, line.sku) }));

/** Adds units to what was refunded, and of those to what is never to be sent. */
export const addRefunded = (
  lines: readonly OrderLine[],
  refunded: readonly WantedLine[],
  withdrawn: readonly WantedLine[],
): OrderLine[] =>
  lines.map((line) => ({
    ...line,
    refunded: line.refunded + unitsOf(refunded, line.sku),
    withdrawn: line.withdrawn + unitsOf(withdrawn, line.sku),
  }));

const unitsOf = (lines: readonly WantedLine[], sku: string): number =>
  lines.find((line) => line.sku === sku)?.quantity ?? 0;

/**
 * The status of an order that was paid, as a function of its lines and its money: `confirmed` while units are left to send,
 * `fulfilled` (or still `delivered`) when none are, `refunded` when all money went back or nothing was sent at all.
 */
export function statusOfPaid(order: Pick<Order, 'status' | 'lines' | 'captured' | 'refunded'>): OrderStatus {
  if (order.captured > 0 && order.refunded === order.captured) return 'refunded';
  if (order.lines.some((line) => unsentUnits(line) > 0)) return 'confirmed';
  if (order.lines.every((line) => line.fulfilled === 0)) return 'refunded';
  return order.status === 'delivered' ? 'delivered' : 'fulfilled';
}
