import { worthOfUnits } from '@tradepost/contracts/line-worth';
import type { Order } from '../../api/orders.ts';

export type Line = Order['lines'][number];
type SaleState = { text: string; tone: 'info' | 'good' | 'warn' | 'bad' | 'plain' };

/** A sold order: paid, or one whose money is promised or comes after the goods. */
const isSold = ({ status }: Pick<Order, 'status'>): boolean => status === 'confirmed' || status === 'authorized';

/** Units of a line that are still to be sent. Only a sold order is sent. */
export const unsentUnits = (order: Pick<Order, 'status'>, { quantity, fulfilled, withdrawn }: Line): number =>
  isSold(order) ? quantity - fulfilled - withdrawn : 0;

/** Units of a line that were sent and did not come back. */
export const returnableUnits = ({ fulfilled, returned }: Line): number => fulfilled - returned;

export const isToSend = (order: Order): boolean => order.lines.some((line) => unsentUnits(order, line) > 0);

const lineWorth = ({ quantity, total }: Line) => ({ quantity, total: total.amount });

/** What a refund of units of a line gives back, in minor units: what was paid for them, after discounts and with tax. */
export const refundOfLine = (line: Line, units: number): number => worthOfUnits(lineWorth(line), line.refunded, units);

/** What was paid for lines, in minor units: for all their units, or for the last ones that `unitsOf` counts. */
export const worthOf = (order: Order, unitsOf = (line: Line): number => line.quantity): number =>
  order.lines.reduce((sum, line) => {
    const units = unitsOf(line);
    return sum + worthOfUnits(lineWorth(line), line.quantity - units, units);
  }, 0);

/** The worth of what is still to be sent. */
export const unsentWorth = (order: Order): number => worthOf(order, (line) => unsentUnits(order, line));

const states: Record<Exclude<Order['status'], 'confirmed' | 'authorized'>, SaleState> = {
  pending: { text: 'Pending', tone: 'info' },
  reserved: { text: 'Awaiting payment', tone: 'info' },
  awaiting_payment: { text: 'Awaiting payment', tone: 'info' },
  rejected: { text: 'Out of stock', tone: 'bad' },
  fulfilled: { text: 'Sent', tone: 'good' },
  delivered: { text: 'Delivered', tone: 'good' },
  cancelled: { text: 'Cancelled', tone: 'warn' },
  refunded: { text: 'Refunded', tone: 'plain' },
};

/** The state of an order for the seller of the lines that are shown, whatever the other sellers have sent. */
export function saleState(order: Order): SaleState {
  if (order.status !== 'confirmed' && order.status !== 'authorized') return states[order.status];
  const isSent = order.lines.some(({ fulfilled }) => fulfilled > 0);
  if (isToSend(order)) return isSent ? { text: 'Partly sent', tone: 'warn' } : { text: 'To send', tone: 'info' };
  return isSent ? states.fulfilled : states.refunded;
}

/** What a seller should know of the payment of a sold order before they send it; undefined for one that is paid. */
export function paymentNote({ payment: { status } }: Pick<Order, 'payment'>): string | undefined {
  if (status === 'authorized') return 'The money is promised. It is taken when you mark the first units as sent.';
  if (status === 'due') return 'The order is sent first. The customer pays afterwards.';
  return undefined;
}

/** `3`, or `1 of 3` when only some units of a line are still to be sent. */
export function unitsToSend(order: Order, line: Line): string {
  const left = unsentUnits(order, line);
  return left > 0 && left < line.quantity ? `${left} of ${line.quantity}` : String(line.quantity);
}

/** `2 sent, 1 returned, 1 refunded`; empty while nothing has happened. */
export const unitsDone = ({ fulfilled, returned, refunded }: Line): string =>
  [fulfilled > 0 && `${fulfilled} sent`, returned > 0 && `${returned} returned`, refunded > 0 && `${refunded} refunded`]
    .filter(Boolean)
    .join(', ');
