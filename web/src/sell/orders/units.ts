import type { Order } from '../../api/orders.ts';

export type Line = Order['lines'][number];
type SaleState = { text: string; tone: 'info' | 'good' | 'warn' | 'bad' | 'plain' };

/** Units of a line that are still to be sent. Only a confirmed order is sent. */
export const unsentUnits = ({ status }: Pick<Order, 'status'>, { quantity, fulfilled, withdrawn }: Line): number =>
  status === 'confirmed' ? quantity - fulfilled - withdrawn : 0;

export const isToSend = (order: Order): boolean => order.lines.some((line) => unsentUnits(order, line) > 0);

/** The worth of lines, in minor units: of all their units, or of those that `unitsOf` counts. */
export const worthOf = (order: Order, unitsOf = (line: Line): number => line.quantity): number =>
  order.lines.reduce((sum, line) => sum + line.unitPrice.amount * unitsOf(line), 0);

/** The worth of what is still to be sent. */
export const unsentWorth = (order: Order): number => worthOf(order, (line) => unsentUnits(order, line));

const states: Record<Exclude<Order['status'], 'confirmed'>, SaleState> = {
  pending: { text: 'Pending', tone: 'info' },
  reserved: { text: 'Awaiting payment', tone: 'info' },
  rejected: { text: 'Out of stock', tone: 'bad' },
  fulfilled: { text: 'Sent', tone: 'good' },
  delivered: { text: 'Delivered', tone: 'good' },
  cancelled: { text: 'Cancelled', tone: 'warn' },
  refunded: { text: 'Refunded', tone: 'plain' },
};

/** The state of an order for the seller of the lines that are shown, whatever the other sellers have sent. */
export function saleState(order: Order): SaleState {
  if (order.status !== 'confirmed') return states[order.status];
  const isSent = order.lines.some(({ fulfilled }) => fulfilled > 0);
  if (isToSend(order)) return isSent ? { text: 'Partly sent', tone: 'warn' } : { text: 'To send', tone: 'info' };
  return isSent ? states.fulfilled : states.refunded;
}

/** `3`, or `1 of 3` when only some units of a line are still to be sent. */
export function unitsToSend(order: Order, line: Line): string {
  const left = unsentUnits(order, line);
  return left > 0 && left < line.quantity ? `${left} of ${line.quantity}` : String(line.quantity);
}

/** `2 sent, 1 refunded`; empty while neither has happened. */
export const unitsDone = ({ fulfilled, refunded }: Line): string =>
  [fulfilled > 0 && `${fulfilled} sent`, refunded > 0 && `${refunded} refunded`].filter(Boolean).join(', ');
