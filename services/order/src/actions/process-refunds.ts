import { claimDueRefunds, type DueRefund, markRefundDone, putOffRefund } from '../store/refunds.ts';
import type { PaymentContext } from './process-payments.ts';
import { withTimeout } from './with-timeout.ts';

const BATCH = 50;
const RETRY_SECONDS = 30;

/** Gives back what was booked as refunded: asked of the provider under the refund's id until it has answered. */
export async function processRefunds(ctx: PaymentContext, stopping: AbortSignal): Promise<number> {
  const due = await claimDueRefunds(ctx.pool, BATCH);
  await Promise.all(due.map((refund) => settle(ctx, refund, stopping)));
  return due.length;
}

async function settle(ctx: PaymentContext, refund: DueRefund, stopping: AbortSignal): Promise<void> {
  const provider = ctx.providers.get(refund.provider);
  try {
    if (!provider) throw new Error(`The payment provider ${refund.provider} is no longer configured`);
    const { id, orderId, amount, currency } = refund;
    const request = { key: id, chargeKey: orderId, amount: { amount, currency } };
    await withTimeout(ctx.timeoutMs, stopping, (signal) => provider.refund(request, signal));
  } catch (err) {
    ctx.log.warn(
      { err, refundId: refund.id, orderId: refund.orderId },
      'refund not settled; it will be asked for again',
    );
    return putOffRefund(ctx.pool, refund.id, RETRY_SECONDS);
  }
  await markRefundDone(ctx.pool, refund.id);
}
