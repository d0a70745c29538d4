import type { Order, OrderLine } from './order.ts';
import { proportionDown } from './proportion.ts';

/** What was to be paid for all units of a line, in minor units: after discounts, and with tax that is charged. */
export const lineTotal = ({ taxIncluded }: Pick<Order, 'taxIncluded'>, line: OrderLine): number =>
  line.unitPrice.amount * line.quantity - line.discount - line.taxExemption + (taxIncluded ? 0 : line.tax);

/**
 * What units of a line are worth that are refunded after those that were refunded before, in minor units. All units of a line, in
 * whatever parts they are refunded, are worth the line's total; where only multiples of `step` can be given back, the last one below it.
 */
export function worthOfNextUnits(order: Pick<Order, 'taxIncluded'>, line: OrderLine, units: number, step = 1): number {
  const total = lineTotal(order, line);
  const upTo = (count: number) =>
    step * Math.floor(proportionDown(total, Math.min(count, line.quantity), line.quantity) / step);
  return upTo(line.refunded + units) - upTo(line.refunded);
}
