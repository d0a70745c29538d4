import { claimDueRefunds, type DueRefund, markRefundDone, putOffRefund } from '../store/refunds.ts';
import { providerOf, startedPayment } from './payment-requests.ts';
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
  try {
    const provider = providerOf(ctx, refund.order);
    const { id, order, amount } = refund;
    const request = { key: id, payment: startedPayment(order), amount: { amount, currency: order.total.currency } };
    await withTimeout(ctx.timeoutMs, stopping, (signal) => provider.refund(request, signal));
  } catch (err) {
    ctx.log.warn(
      { err, refundId: refund.id, orderId: refund.order.id },
      'refund not settled; it will be asked for again',
    );
    return putOffRefund(ctx.pool, refund.id, RETRY_SECONDS);
  }
  await markRefundDone(ctx.pool, refund.id, ctx.now());
}
