import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Order } from '../domain/order.ts';
import type { Happening } from '../domain/transition.ts';
import type { PaymentProvider, PaymentProviders } from '../payments/provider.ts';
import { claimDuePayments, type DuePayment, putOffPayment } from '../store/due-orders.ts';
import { advance, type Change } from './advance.ts';
import type { Context } from './context.ts';

export type Paying = Context & {
  providers: PaymentProviders;
  log: Logger;
  /** How long one call to a provider may take. */
  timeoutMs: number;
  /** How long a reserved order may wait for its payment. */
  deadlineMs: number;
  /** Rounds with payments that are answered late, and still under way. */
  late: Set<Promise<void>>;
  hand: PaymentsInHand;
};

export type PaymentsInHand = {
  /** Of orders that this instance has just reserved: nobody else asks for them while their lease lasts. */
  payments: DuePayment[];
  /** When it is looked for others in the database, in milliseconds of the clock. */
  nextLook: number;
};

type Asked = { payment: DuePayment; answer: Happening | null };

const BATCH = 100;
/** With a provider that does not keep up, the rest is left to be found in the database when its lease is over. */
const MAX_IN_HAND = 2000;
/** How often it is looked for payments that nobody has in hand: those asked for again, and those that a crash has left. */
const LOOK_EVERY_MS = 900;
/** How long a round waits for its answers; those that come later are recorded beside the next rounds. */
const ROUND_MS = 100;
/** Late rounds at the most; then it is waited for one of them. */
const MAX_LATE = 20;

/**
 * To be told of orders that have changed, once that is committed. One that has just been reserved is to be paid for by this instance,
 * which spares another statement and commit to claim it.
 */
export function hearOfOrders(hand: PaymentsInHand, orders: readonly Order[]): void {
  for (const order of orders) {
    if (order.status !== 'reserved') continue;
    if (order.cancelRequested || order.reservedAt === null) hand.nextLook = 0;
    else if (hand.payments.length < MAX_IN_HAND) hand.payments.push(paymentOf(order, order.reservedAt));
  }
}

const paymentOf = (order: Order, reservedAt: Date): DuePayment => ({
  orderId: order.id,
  provider: order.paymentProvider,
  token: order.paymentToken,
  amount: order.total,
  attempt: order.paymentAttempts,
  cancelRequested: false,
  reservedAt,
});

/**
 * Asks the providers for the payments that are due, and records the answers, those that come soon in one transaction. One
 * that takes long keeps no other waiting. An unknown outcome is asked for again under the same key; past the deadline, or
 * when the shopper has cancelled, the charge is voided instead. Killed anywhere in between, the lease of the claim runs
 * out and the same key is asked again. Returns how many payments were due.
 */
export async function takePayments(ctx: Paying, stopping: AbortSignal): Promise<number> {
  if (ctx.late.size >= MAX_LATE) await Promise.race(ctx.late);
  const due = [...ctx.hand.payments.splice(0, BATCH), ...(await look(ctx))];
  if (due.length === 0) return 0;
  const soon: Asked[] = [];
  let isOver = false;
  const asked = due.map(async (payment) => {
    const answer = await ask(ctx, payment, stopping);
    if (isOver) await record(ctx, [{ payment, answer }]);
    else soon.push({ payment, answer });
  });
  const all = Promise.all(asked).then(() => undefined);
  await Promise.race([all, pause(ROUND_MS, undefined, { ref: false })]);
  isOver = true;
  if (soon.length < due.length) waitBeside(ctx, all);
  await record(ctx, soon);
  return due.length;
}

async function look(ctx: Paying): Promise<DuePayment[]> {
  const now = ctx.now().getTime();
  if (now < ctx.hand.nextLook) return [];
  const due = await claimDuePayments(ctx.pool, BATCH);
  // A full batch means that there may be more.
  ctx.hand.nextLook = due.length === BATCH ? now : now + LOOK_EVERY_MS;
  return due;
}

/** Asks for what is in hand, however many rounds that takes, so that it need not wait for its lease to run out. */
export async function finishPayments(ctx: Paying, stopping: AbortSignal): Promise<void> {
  while (ctx.hand.payments.length > 0) await takePayments(ctx, stopping);
  await Promise.all(ctx.late);
}

function waitBeside(ctx: Paying, round: Promise<void>): void {
  // What could not be recorded is asked for again when its lease is over.
  const settled = round.catch((err) => ctx.log.warn({ err }, 'the outcome of a payment could not be recorded'));
  const tracked: Promise<void> = settled.finally(() => ctx.late.delete(tracked));
  ctx.late.add(tracked);
}

async function record(ctx: Paying, asked: readonly Asked[]): Promise<void> {
  const changes = asked.flatMap(({ payment, answer }): Change[] =>
    answer ? [{ orderId: payment.orderId, happening: answer }] : [],
  );
  if (changes.length > 0) await ctx.pool.transaction((tx) => advance(tx, ctx, changes));
  for (const { payment, answer } of asked) {
    if (!answer) await putOffPayment(ctx.pool, payment.orderId, backoffSeconds(payment.attempt));
  }
}

/** The provider's answer as a happening, or null when its outcome is unknown. */
async function ask(ctx: Paying, payment: DuePayment, stopping: AbortSignal): Promise<Happening | null> {
  const provider = ctx.providers.get(payment.provider);
  try {
    if (!provider) throw new Error(`The payment provider ${payment.provider} is no longer configured`);
    return await withTimeout(ctx.timeoutMs, stopping, (signal) => settle(ctx, provider, payment, signal));
  } catch (err) {
    const { orderId, attempt } = payment;
    ctx.log.warn({ err, orderId, attempt }, 'payment outcome unknown; it will be asked for again');
    return null;
  }
}

async function settle(
  ctx: Paying,
  provider: PaymentProvider,
  { orderId, token, amount, cancelRequested, reservedAt }: DuePayment,
  signal: AbortSignal,
): Promise<Happening> {
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

/** Runs a call that is told to give up, and is given up on, after `ms` or when the service stops. */
export async function withTimeout<T>(
  ms: number,
  stopping: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const giveUp = (reason: unknown) => {
    over.abort(reason);
    reject(reason);
  };
  const timer = setTimeout(() => giveUp(new DOMException(`No answer within ${ms} ms`, 'TimeoutError')), ms);
  const stop = () => giveUp(stopping.reason);
  stopping.addEventListener('abort', stop);
  if (stopping.aborted) stop();
  try {
    return await Promise.race([call(over.signal), givenUp]);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', stop);
  }
}
