import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { OrderInput } from '../domain/order-input.ts';
import { formatOrderNumber } from '../domain/order-number.ts';
import type { NewPayment, PaymentOutcome, PaymentProvider, PaymentProviders } from '../payments/provider.ts';
import { claimDuePayments, type DuePayment, putOffPayment } from '../store/leases.ts';
import { applyTransitions } from './apply-transitions.ts';
import type { Change } from './change.ts';
import type { ClaimedPayments } from './claimed-payments.ts';
import type { Context } from './context.ts';
import { inputOf, providerOf, startedPayment } from './payment-requests.ts';
import { withTimeout } from './with-timeout.ts';

export type PaymentContext = Context & {
  providers: PaymentProviders;
  log: Logger;
  /** How long one call to a provider may take. */
  timeoutMs: number;
  /** Whether money is taken at once or only authorised until the goods are sent. */
  capture: NewPayment['capture'];
  /** Rounds whose providers have not answered all payments yet. */
  lateRounds: Set<Promise<void>>;
  claimed: ClaimedPayments;
};

type PaymentResult = { payment: DuePayment; answer: OrderInput | null };

const BATCH = 100;
/** How often the database is polled for payments that no instance has claimed: retries, and those that a crash has left. */
const POLL_EVERY_MS = 900;
/** How long a round waits for its answers; those that come later are recorded beside the next rounds. */
const ROUND_MS = 100;
/** Late rounds at the most; then it is waited for one of them. */
const MAX_LATE = 20;

/**
 * Asks the providers for the payments that are due, and records the answers, those that come soon in one transaction. One
 * that takes long keeps no other waiting. An unknown outcome is asked for again under the same key; past the deadline, or
 * when the shopper has cancelled, the payment is called off instead. Killed anywhere in between, the lease of the claim runs
 * out and the same key is asked again. Returns how many payments were due.
 */
export async function pollDuePayments(ctx: PaymentContext, stopping: AbortSignal): Promise<number> {
  if (ctx.lateRounds.size >= MAX_LATE) await Promise.race(ctx.lateRounds);
  const due = [...ctx.claimed.payments.splice(0, BATCH), ...(await pollDue(ctx))];
  if (due.length === 0) return 0;
  const soon: PaymentResult[] = [];
  let isOver = false;
  const asked = due.map(async (payment) => {
    const answer = await requestPayment(ctx, payment, stopping);
    if (isOver) await record(ctx, [{ payment, answer }]);
    else soon.push({ payment, answer });
  });
  const all = Promise.all(asked).then(() => undefined);
  await Promise.race([all, pause(ROUND_MS, undefined, { ref: false })]);
  isOver = true;
  if (soon.length < due.length) trackLateRound(ctx, all);
  await record(ctx, soon);
  return due.length;
}

async function pollDue(ctx: PaymentContext): Promise<DuePayment[]> {
  const now = ctx.now().getTime();
  if (now < ctx.claimed.nextPollAt) return [];
  const due = await claimDuePayments(ctx.pool, BATCH);
  // A full batch means that there may be more.
  ctx.claimed.nextPollAt = due.length === BATCH ? now : now + POLL_EVERY_MS;
  return due;
}

/** Processes all claimed payments, so that none has to wait until its lease is over. */
export async function finishPayments(ctx: PaymentContext, stopping: AbortSignal): Promise<void> {
  while (ctx.claimed.payments.length > 0) await pollDuePayments(ctx, stopping);
  await Promise.all(ctx.lateRounds);
}

function trackLateRound(ctx: PaymentContext, round: Promise<void>): void {
  // What could not be recorded is asked for again when its lease is over.
  const settled = round.catch((err) => ctx.log.warn({ err }, 'the outcome of a payment could not be recorded'));
  const tracked: Promise<void> = settled.finally(() => ctx.lateRounds.delete(tracked));
  ctx.lateRounds.add(tracked);
}

async function record(ctx: PaymentContext, asked: readonly PaymentResult[]): Promise<void> {
  const changes = asked.flatMap(({ payment, answer }): Change[] =>
    answer ? [{ orderId: payment.id, input: answer }] : [],
  );
  const changed =
    changes.length > 0 ? (await ctx.pool.transaction((tx) => applyTransitions(tx, ctx, changes))).changed : new Set();
  for (const { payment } of asked) {
    if (!changed.has(payment.id)) await putOffPayment(ctx.pool, payment, secondsUntilNext(ctx, payment));
  }
}

/** The provider's answer as an input of the order, or null when its outcome is unknown. */
async function requestPayment(
  ctx: PaymentContext,
  payment: DuePayment,
  stopping: AbortSignal,
): Promise<OrderInput | null> {
  try {
    const provider = providerOf(ctx, payment);
    return await withTimeout(ctx.timeoutMs, stopping, (signal) => askProvider(ctx, provider, payment, signal));
  } catch (err) {
    const { id: orderId, paymentAttempts: attempt } = payment;
    ctx.log.warn({ err, orderId, attempt }, 'payment outcome unknown; it will be asked for again');
    return null;
  }
}

/** The next step of a payment. Past the deadline, and when the shopper has cancelled, it is called off. */
async function askProvider(
  ctx: PaymentContext,
  provider: PaymentProvider,
  order: DuePayment,
  signal: AbortSignal,
): Promise<OrderInput | null> {
  const { paymentTry } = order;
  // Providers take no payments of nothing.
  if (order.total.amount === 0 && !order.cancelRequested) return { type: 'payment_captured', paymentTry };
  const payment = startedPayment(order);
  if (order.captureRequested) return inputOf(await provider.capture(payment, signal), paymentTry);
  if (order.cancelRequested || isLate(ctx, order)) {
    return endOf(await provider.cancel(payment, signal), paymentTry);
  }
  if (order.status === 'awaiting_payment') {
    return order.paymentProblem === null ? inputOf(await provider.authorize(payment, signal), paymentTry) : null;
  }
  const { paymentToken: token } = order;
  if (order.status !== 'reserved' || token === null) return null;
  const request = {
    ...payment,
    token,
    capture: ctx.capture,
    orderId: order.id,
    orderNumber: formatOrderNumber(order.number),
  };
  return inputOf(await provider.initiate(request, signal), paymentTry);
}

/** An order that was reserved before `pay_by` was a column has none. */
const deadlineOf = (ctx: PaymentContext, { payBy, reservedAt, createdAt, paymentProvider }: DuePayment): number =>
  payBy?.getTime() ?? (reservedAt ?? createdAt).getTime() + ctx.payWithinMs(paymentProvider);

const isLate = (ctx: PaymentContext, order: DuePayment): boolean =>
  order.status !== 'authorized' && ctx.now().getTime() > deadlineOf(ctx, order);

/** What is left to do once a payment is called off. */
function endOf(outcome: PaymentOutcome, paymentTry: number): OrderInput | null {
  return outcome.status === 'declined' || outcome.status === 'voided'
    ? { type: 'payment_voided', paymentTry }
    : inputOf(outcome, paymentTry);
}

/** A customer who does nothing more is waited for until the deadline; what is unknown is asked for again soon. */
function secondsUntilNext(ctx: PaymentContext, order: DuePayment): number {
  const again = backoffSeconds(order.paymentAttempts);
  if (order.status !== 'awaiting_payment' || order.cancelRequested || order.captureRequested) return again;
  const left = Math.ceil((deadlineOf(ctx, order) - ctx.now().getTime()) / 1000) + 1;
  if (left <= 0) return again;
  return order.paymentProblem === null ? Math.min(left, Math.max(again, ASK_AGAIN_SECONDS)) : left;
}

/** How often a provider is asked whether the customer has acted, at the most: usually it tells by itself. */
const ASK_AGAIN_SECONDS = 15;

/** One second, then two, four … at the most five minutes. */
const backoffSeconds = (attempt: number): number => Math.min(300, 2 ** Math.min(attempt - 1, 10));
