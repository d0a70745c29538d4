import { worthOfUnits } from '@tradepost/contracts/line-worth';
import type { Order, OrderLine } from './order.ts';

/** What was to be paid for all units of a line, in minor units: after discounts, and with tax that is charged. */
export const lineTotal = ({ taxIncluded }: Pick<Order, 'taxIncluded'>, line: OrderLine): number =>
  line.unitPrice.amount * line.quantity - line.discount - line.taxExemption + (taxIncluded ? 0 : line.tax);

/** What units of a line are worth that are refunded after those that were refunded before, in minor units. */
export const worthOfNextUnits = (order: Pick<Order, 'taxIncluded'>, line: OrderLine, units: number, step = 1): number =>
  worthOfUnits({ quantity: line.quantity, total: lineTotal(order, line) }, line.refunded, units, step);
