import type { Order, TimelineEntry } from '../../api/orders.ts';

/** One step of an order's way: done at a time, under way, still to come, or where it ended. */
export type Step = { title: string; text: string; state: 'done' | 'now' | 'ahead' | 'ended'; at?: string };

const way = [
  { title: 'Placed', now: 'Being placed', done: 'We have it, and will not lose it.', by: 'placed' },
  { title: 'Stock reserved', now: 'Looking on the shelf …', done: 'All of it is held for you.', by: 'stock_reserved' },
  { title: 'Paid', now: 'Asking the bank …', done: 'The bank has said yes.', by: 'payment_captured' },
  {
    title: 'Confirmed',
    now: 'About to be confirmed …',
    done: 'It is yours, and will be packed.',
    by: 'payment_captured',
  },
  { title: 'On its way', now: 'To be packed and sent next.', done: 'It has left.', by: 'lines_fulfilled' },
  { title: 'Delivered', now: 'On its way to you.', done: 'It has arrived.', by: 'delivered' },
];

/** What of the way a settled order has behind it, where its timeline is not at hand. */
const reached: Partial<Record<Order['status'], number>> = {
  pending: 1,
  reserved: 2,
  confirmed: 4,
  fulfilled: 5,
  delivered: 6,
};

/**
 * The steps of an order. Where the timeline tells of a step it says when; one that failed ends the way, and what would have
 * come after it is left out.
 */
export function stepsOf(order: Order, entries: readonly TimelineEntry[]): Step[] {
  const times = new Map(entries.map((entry) => [entry.type, entry.at]));
  const isDone = (index: number, by: string) =>
    index < (reached[order.status] ?? 0) ||
    (times.has(by) && (by !== 'lines_fulfilled' || (reached[order.status] ?? 9) > 4));
  const steps = way.map(({ title, now, done, by }, index): Step => {
    if (!isDone(index, by)) return { title, text: now, state: 'ahead' };
    const at = times.get(by);
    return { title, text: done, state: 'done', ...(at && { at }) };
  });
  const end = endOf(order, entries);
  if (end) return [...steps.filter(({ state }) => state === 'done'), end];
  const next = steps.find(({ state }) => state === 'ahead');
  if (next) next.state = 'now';
  const isPartlySent = order.status === 'confirmed' && order.lines.some(({ fulfilled }) => fulfilled > 0);
  if (next && isPartlySent) next.text = 'Part of it has left. The rest is packed next.';
  return steps.map((step) => (step.state === 'ahead' ? { ...step, text: '' } : step));
}

function endOf(order: Order, entries: readonly TimelineEntry[]): Step | undefined {
  const titles: Partial<Record<Order['status'], string>> = {
    rejected: 'Not available',
    cancelled: 'Cancelled',
    refunded: 'Refunded',
  };
  const title = titles[order.status];
  const at = entries.findLast(({ status }) => status === order.status)?.at;
  return title === undefined ? undefined : { title, text: whyOf(order), state: 'ended', ...(at && { at }) };
}

const reasons: Record<string, string> = {
  payment_declined: 'The payment was declined. Nothing was charged.',
  cancelled_by_customer: 'You cancelled it.',
  cancelled_by_operator: 'The shop cancelled it.',
  not_reserved_in_time: 'The stock could not be checked in time.',
  payment_not_settled_in_time: 'The bank gave no answer in time. Nothing was charged.',
  insufficient_stock: 'Not enough was left on the shelf when its turn came. Nothing was charged.',
};

/** Why an order ended, in words. */
export function whyOf(order: Order): string {
  if (order.status === 'refunded') return 'The money is on its way back to you.';
  if (order.status === 'rejected') return reasons[order.reason ?? ''] ?? reasons.insufficient_stock ?? '';
  return reasons[order.reason ?? ''] ?? 'It will not be sent.';
}

/** What has become of the payment, in words. */
export const paymentWords: Record<Order['payment']['status'], string> = {
  waiting: 'Not taken yet',
  captured: 'Paid',
  refunded: 'Paid back',
  not_taken: 'Nothing was charged',
};

/** What has become of a line's units, where that differs from the whole order: `1 of 3 sent, 1 cancelled and paid back`. */
export function lineState({ quantity, fulfilled, refunded, withdrawn }: Order['lines'][number]): string {
  const returned = refunded - withdrawn;
  return [
    fulfilled > 0 && `${fulfilled} of ${quantity} sent`,
    withdrawn > 0 && `${withdrawn} cancelled and paid back`,
    returned > 0 && `${returned} paid back`,
  ]
    .filter((part) => part !== false)
    .join(', ');
}

/** Nothing happens to it any more. */
export const hasEnded = ({ status }: Order): boolean => ['rejected', 'cancelled', 'refunded'].includes(status);

/** Whether a shopper may still cancel it, as far as the page can tell; the shop decides. */
export const isCancellable = (order: Order): boolean =>
  !order.cancelRequested &&
  ['pending', 'reserved', 'confirmed'].includes(order.status) &&
  order.lines.every(({ fulfilled }) => fulfilled === 0);
