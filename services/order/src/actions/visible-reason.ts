import type { OrderLine } from '../domain/order.ts';

/** Why an order ended, in the words of `order` itself; what a payment provider has to say is the customer's business. */
const reasons: ReadonlySet<string> = new Set([
  ...['cancelled_by_customer', 'cancelled_by_operator'],
  ...['payment_declined', 'payment_not_settled_in_time', 'not_reserved_in_time'],
]);

/** The reason of a rejection names each line that cannot be had (`MUG: insufficient_stock, …`): a seller reads of their own. */
export function visibleReason(reason: string | null, lines: readonly OrderLine[]): string | null {
  if (reason === null || reasons.has(reason)) return reason;
  const own = reason.split(', ').filter((one) => lines.some(({ sku }) => one.startsWith(`${sku}: `)));
  return own.length > 0 ? own.join(', ') : null;
}
