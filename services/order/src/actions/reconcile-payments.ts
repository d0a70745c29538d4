import { ledgerEntry } from '../domain/ledger.ts';
import type { Order } from '../domain/order.ts';
import type { PaymentTotals } from '../payments/provider.ts';
import { insertLedgerEntries } from '../store/ledger.ts';
import { lockOrders } from '../store/orders.ts';
import { insertDifference } from '../store/payment-differences.ts';
import {
  bookMissingEntries,
  entriesToReconcile,
  ledgerTotalsOf,
  moveReconciliation,
  type OrderToReconcile,
  reconciledUntil,
} from '../store/reconciliation.ts';
import { startedPayment } from './payment-requests.ts';
import type { PaymentContext } from './process-payments.ts';
import { withTimeout } from './with-timeout.ts';

export type ReconciliationContext = PaymentContext & {
  /** How old an entry of the ledger is at least when it is compared, in milliseconds. */
  quietMs: number;
};

const BATCH = 20;
/** How long a provider is asked again that answers nothing, in milliseconds; then it is reported. */
const GIVE_UP_MS = 86_400_000;
/** How far back what an older version has booked is looked for, in milliseconds. */
const MISSING_SINCE_MS = 2 * 86_400_000;

/**
 * Compares every order whose money has moved with the books of its provider, once its last movement is some time ago. Fees that the
 * provider tells of here first are booked; anything else that differs is reported to operators. Returns how many were compared.
 */
export async function reconcilePayments(ctx: ReconciliationContext, stopping: AbortSignal): Promise<number> {
  const { ledgerId } = await reconciledUntil(ctx.pool);
  const orders = await entriesToReconcile(ctx.pool, { after: ledgerId, quietMs: ctx.quietMs, limit: BATCH });
  const asked = await Promise.all(orders.map((one) => readTotals(ctx, one, stopping)));
  // When no question was answered, the provider is unavailable: nothing is reported, and all questions are repeated for a day.
  const answers = asked.filter((answer) => answer !== null);
  const isRecent = orders.some(({ at }) => ctx.now().getTime() - at.getTime() < GIVE_UP_MS);
  if (isRecent && answers.length > 0 && answers.every((answer) => answer instanceof Error)) throw answers[0];
  for (const [i, answer] of asked.entries()) {
    const one = orders[i];
    if (one && answer) await compare(ctx, one, answer);
  }
  const last = orders.at(-1);
  if (last) await moveReconciliation(ctx.pool, last.lastEntry, ctx.now());
  return orders.length;
}

/** Adds to the ledger what a version before it has booked on orders while it was replaced. */
export const addMissingEntries = (ctx: Pick<PaymentContext, 'pool' | 'now'>): Promise<void> =>
  ctx.pool.transaction((tx) => bookMissingEntries(tx, new Date(ctx.now().getTime() - MISSING_SINCE_MS)));

/** What the provider's books say; null where it has none that could be asked for, an error where it did not answer. */
async function readTotals(
  ctx: PaymentContext,
  { order }: OrderToReconcile,
  stopping: AbortSignal,
): Promise<PaymentTotals | Error | null> {
  const provider = ctx.providers.get(order.paymentProvider);
  const read = provider?.readTotals?.bind(provider);
  if (!read) return null;
  try {
    return await withTimeout(ctx.timeoutMs, stopping, (signal) => read(startedPayment(order), signal));
  } catch (err) {
    return err instanceof Error ? err : new Error(String(err));
  }
}

async function compare(
  ctx: PaymentContext,
  { order, totals }: OrderToReconcile,
  answer: PaymentTotals | Error,
): Promise<void> {
  if (answer instanceof Error)
    return report(ctx, order, `${order.paymentProvider} could not be asked: ${answer.message}`, {});
  if (isSame(answer, totals)) return;
  const difference = await ctx.pool.transaction(async (tx) => {
    // Whatever was booked meanwhile counts.
    await lockOrders(tx, [order.id]);
    const booked = await ledgerTotalsOf(tx, order.id);
    const newFee = answer.fee - booked.fee;
    if (newFee > 0) {
      await insertLedgerEntries(tx, [
        ledgerEntry('fee', order, { amount: newFee, source: 'reconciliation', at: ctx.now() }),
      ]);
    }
    return answer.captured !== booked.captured || answer.refunded !== booked.refunded || newFee < 0 ? booked : null;
  });
  if (difference) {
    const description = `The books of ${order.paymentProvider} differ from the ledger`;
    await report(ctx, order, description, { ledger: difference, provider: answer });
  }
}

const isSame = (a: PaymentTotals, b: PaymentTotals): boolean =>
  a.captured === b.captured && a.refunded === b.refunded && a.fee === b.fee;

async function report(
  ctx: PaymentContext,
  { id: orderId }: Omit<Order, 'lines'>,
  description: string,
  { ledger = {}, provider = {} }: { ledger?: Record<string, unknown>; provider?: Record<string, unknown> },
): Promise<void> {
  ctx.log.warn({ orderId, ledger, provider }, description);
  await insertDifference(ctx.pool, { orderId, foundAt: ctx.now(), description, ledger, provider });
}
