import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { OrderInput } from '../domain/order-input.ts';
import type { PaymentProvider, PaymentProviders } from '../payments/provider.ts';
import { claimDuePayments, type DuePayment, putOffPayment } from '../store/leases.ts';
import { applyTransitions } from './apply-transitions.ts';
import type { Change } from './change.ts';
import type { ClaimedPayments } from './claimed-payments.ts';
import type { Context } from './context.ts';
import { withTimeout } from './with-timeout.ts';

export type PaymentContext = Context & {
  providers: PaymentProviders;
  log: Logger;
  /** How long one call to a provider may take. */
  timeoutMs: number;
  /** How long a reserved order may wait for its payment. */
  deadlineMs: number;
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
 * when the shopper has cancelled, the charge is voided instead. Killed anywhere in between, the lease of the claim runs
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
    answer ? [{ orderId: payment.orderId, input: answer }] : [],
  );
  if (changes.length > 0) await ctx.pool.transaction((tx) => applyTransitions(tx, ctx, changes));
  for (const { payment, answer } of asked) {
    if (!answer) await putOffPayment(ctx.pool, payment.orderId, backoffSeconds(payment.attempt));
  }
}

/** The provider's answer as an input of the order, or null when its outcome is unknown. */
async function requestPayment(
  ctx: PaymentContext,
  payment: DuePayment,
  stopping: AbortSignal,
): Promise<OrderInput | null> {
  const provider = ctx.providers.get(payment.provider);
  try {
    if (!provider) throw new Error(`The payment provider ${payment.provider} is no longer configured`);
    return await withTimeout(ctx.timeoutMs, stopping, (signal) => settle(ctx, provider, payment, signal));
  } catch (err) {
    const { orderId, attempt } = payment;
    ctx.log.warn({ err, orderId, attempt }, 'payment outcome unknown; the charge will be retried');
    return null;
  }
}

async function settle(
  ctx: PaymentContext,
  provider: PaymentProvider,
  { orderId, token, amount, cancelRequested, reservedAt }: DuePayment,
  signal: AbortSignal,
): Promise<OrderInput> {
  const late = ctx.now().getTime() - reservedAt.getTime() > ctx.deadlineMs;
  if (cancelRequested || late || token === null) {
    const status = await provider.voidCharge(orderId, signal);
    if (status === 'captured') return { type: 'payment_captured' };
    return status === 'voided' ? { type: 'payment_voided' } : { type: 'payment_declined', reason: 'payment_declined' };
  }
  const outcome = await provider.charge({ key: orderId, token, amount }, signal);
  return outcome.status === 'captured'
    ? { type: 'payment_captured' }
    : { type: 'payment_declined', reason: outcome.reason };
}

/** One second, then two, four … at the most five minutes. */
export const backoffSeconds = (attempt: number): number => Math.min(300, 2 ** Math.min(attempt - 1, 10));
