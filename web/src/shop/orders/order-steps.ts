import type { Order, TimelineEntry } from '../../api/orders.ts';

/** One step of an order's way: done at a time, under way, still to come, or where it ended. */
export type Step = { title: string; text: string; state: 'done' | 'now' | 'ahead' | 'ended'; at?: string };

/** A step of the way, with the statuses that have it behind them and the inputs of the timeline that take it. */
type ProgressStep = {
  title: string;
  now: string;
  done: string;
  by: readonly string[];
  reachedIn: readonly Order['status'][];
};

const sold = ['confirmed', 'fulfilled', 'delivered'] as const;

const placed: ProgressStep = {
  title: 'Placed',
  now: 'Being placed',
  done: 'We have it, and will not lose it.',
  by: ['placed'],
  reachedIn: ['pending', 'reserved', 'awaiting_payment', 'authorized', ...sold],
};
const reserved: ProgressStep = {
  title: 'Stock reserved',
  now: 'Looking on the shelf …',
  done: 'All of it is held for you.',
  by: ['stock_reserved'],
  reachedIn: ['reserved', 'awaiting_payment', 'authorized', ...sold],
};
const authorized: ProgressStep = {
  title: 'Payment authorised',
  now: '',
  done: 'Your bank has promised the money.',
  by: ['payment_authorized'],
  reachedIn: ['authorized', ...sold],
};
const paid: ProgressStep = {
  title: 'Paid',
  now: 'Asking the bank …',
  done: 'The bank has said yes.',
  by: ['payment_captured'],
  reachedIn: sold,
};
const confirmed: ProgressStep = {
  title: 'Confirmed',
  now: 'About to be confirmed …',
  done: 'It is yours, and will be packed.',
  by: ['payment_authorized', 'payment_captured'],
  reachedIn: ['authorized', ...sold],
};
const sent: ProgressStep = {
  title: 'On its way',
  now: 'To be packed and sent next.',
  done: 'It has left.',
  by: ['lines_fulfilled'],
  reachedIn: ['fulfilled', 'delivered'],
};
const delivered: ProgressStep = {
  title: 'Delivered',
  now: 'On its way to you.',
  done: 'It has arrived.',
  by: ['delivered'],
  reachedIn: ['delivered'],
};

/** The goods come first, and the money afterwards: on invoice, or on delivery. */
const isPaidAfterwards = ({ payment: { status, provider, reference } }: Order): boolean =>
  status === 'due' || (provider === 'manual' && (reference === 'invoice' || reference === 'on_delivery'));

/** The steps that an order takes by the way it is paid. */
function wayOf(order: Order, isAuthorized: boolean): ProgressStep[] {
  if (isPaidAfterwards(order)) {
    return [placed, reserved, confirmed, sent, { ...paid, done: 'Your money has come.' }, delivered];
  }
  if (isAuthorized) return [placed, reserved, authorized, confirmed, paid, sent, delivered];
  return [placed, reserved, paid, confirmed, sent, delivered];
}

/** What is waited for until an order is paid. */
function nextOfPayment({ payment }: Order, entries: readonly TimelineEntry[]): string {
  if (entries.at(-1)?.type === 'capture_requested') return 'The money is being taken.';
  switch (payment.status) {
    case 'requires_action':
      return nextOfAction(payment.action?.type);
    case 'declined':
      return 'The payment was declined. Nothing was taken.';
    case 'authorized':
      return 'The money is taken when the order is packed and sent.';
    case 'due':
      return payment.reference === 'on_delivery' ? 'When it is handed over to you.' : 'After it was sent, on invoice.';
    default:
      return paid.now;
  }
}

type ActionType = NonNullable<Order['payment']['action']>['type'];

function nextOfAction(type: ActionType | undefined): string {
  switch (type) {
    case 'redirect':
      return 'Your bank asks you to confirm the payment.';
    case 'bank_transfer':
      return 'The shop waits for your transfer.';
    default:
      return 'The shop waits for your payment.';
  }
}

/**
 * The steps of an order. Where the timeline tells of a step it says when; one that failed ends the way, and what would have
 * come after it is left out.
 */
export function stepsOf(order: Order, entries: readonly TimelineEntry[]): Step[] {
  const timeOf = ({ by }: ProgressStep) => entries.find(({ type }) => by.includes(type))?.at;
  const isAuthorized =
    order.payment.status === 'authorized' || entries.some(({ type }) => type === 'payment_authorized');
  const isDone = (step: ProgressStep) => {
    // A parcel may hold only a part of the order.
    if (step === sent && isToSend(order)) return false;
    return step.reachedIn.includes(order.status) || timeOf(step) !== undefined;
  };
  const steps = wayOf(order, isAuthorized).map((step): Step => {
    const { title, now, done } = step;
    if (!isDone(step))
      return { title, text: title === paid.title ? nextOfPayment(order, entries) : now, state: 'ahead' };
    const at = timeOf(step);
    return { title, text: done, state: 'done', ...(at && { at }) };
  });
  const end = endOf(order, entries);
  if (end) return [...steps.filter(({ state }) => state === 'done'), end];
  const next = steps.find(({ state }) => state === 'ahead');
  if (next) next.state = 'now';
  if (next?.title === sent.title && order.lines.some(({ fulfilled }) => fulfilled > 0))
    next.text = 'Part of it has left. The rest is packed next.';
  return steps.map((step) => (step.state === 'ahead' ? { ...step, text: '' } : step));
}

/** All of it was sent, but for what was withdrawn. */
export const isAllSent = ({ lines }: Order): boolean =>
  lines.every(({ quantity, fulfilled, withdrawn }) => fulfilled + withdrawn === quantity);

/** Whether units of a sold order are still to be sent; a paid one changes its status by the last of them. */
const isToSend = (order: Order): boolean =>
  order.status === 'confirmed' || (order.status === 'authorized' && !isAllSent(order));

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
  payment_not_settled_in_time: 'It was not paid in time. Nothing was charged.',
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
  requires_action: 'Waiting for you',
  declined: 'Declined',
  authorized: 'Authorised, taken when it is sent',
  due: 'Due after it was sent',
  captured: 'Paid',
  refunded: 'Paid back',
  not_taken: 'Nothing was charged',
};

/** What has become of a line's units, where that differs from the whole order: `1 of 3 sent, 1 cancelled and paid back`. */
export function lineState({ quantity, fulfilled, refunded, withdrawn, returned }: Order['lines'][number]): string {
  const paidBack = refunded - withdrawn;
  return [
    fulfilled > 0 && `${fulfilled} of ${quantity} sent`,
    withdrawn > 0 && `${withdrawn} cancelled and paid back`,
    returned > 0 && `${returned} sent back`,
    paidBack > 0 && `${paidBack} paid back`,
  ]
    .filter((part) => part !== false)
    .join(', ');
}

/** Goods or money of it are not decided yet. */
export const isUnsettled = ({ status }: Order): boolean =>
  ['pending', 'reserved', 'awaiting_payment', 'authorized'].includes(status);

/** Whether a shopper may still cancel it, as far as the page can tell; the shop decides. */
export const isCancellable = (order: Order): boolean =>
  !order.cancelRequested &&
  (isUnsettled(order) || order.status === 'confirmed') &&
  order.lines.every(({ fulfilled }) => fulfilled === 0);
