import type Stripe from 'stripe';
import type { RefundRequest } from '../provider.ts';
import { stripeAmount } from './amounts.ts';
import { StripeCallError } from './client.ts';
import { requireIntentId, type StripeContext } from './intents.ts';

const ALREADY_REFUNDED = 'charge_already_refunded';

/**
 * Gives back a part of a payment, once for a key. Stripe forgets idempotency keys after a day, so the key is kept with the refund too,
 * and looked for before. A refund may stay `pending` for days, and fail then.
 */
export async function refundIntent(ctx: StripeContext, request: RefundRequest, signal: AbortSignal): Promise<void> {
  const payment_intent = await requireIntentId(ctx, request.payment, signal);
  const earlier = await findRefund(ctx, { intentId: payment_intent, key: request.key }, signal);
  if (earlier) return assertNotFailed(earlier);
  const amount = stripeAmount(request.amount);
  if (amount === null) throw new Error(`Stripe cannot give back ${request.amount.amount} ${request.amount.currency}`);
  const metadata = { refund_key: request.key, payment_key: request.payment.key };
  try {
    assertNotFailed(
      await ctx.call(signal, (sdk) =>
        sdk.refunds.create({ payment_intent, amount, metadata }, { idempotencyKey: request.key }),
      ),
    );
  } catch (error) {
    // All the money went back meanwhile, by the dashboard for instance.
    if (error instanceof StripeCallError && error.code === ALREADY_REFUNDED) return;
    throw error;
  }
}

async function findRefund(
  ctx: StripeContext,
  { intentId, key }: { intentId: string; key: string },
  signal: AbortSignal,
): Promise<Stripe.Refund | undefined> {
  return ctx.call(signal, async (sdk) => {
    for await (const refund of sdk.refunds.list({ payment_intent: intentId, limit: 100 })) {
      if (refund.metadata?.refund_key === key) return refund;
    }
    return undefined;
  });
}

function assertNotFailed(refund: Stripe.Refund): void {
  if (refund.status !== 'failed' && refund.status !== 'canceled') return;
  throw new Error(`Stripe could not give back the money: the refund ${refund.id} is ${refund.status}`);
}
