import type Stripe from 'stripe';
import { proportionRounded } from '../../domain/proportion.ts';
import type { PaymentTotals, StartedPayment } from '../provider.ts';
import { ownAmount } from './amounts.ts';
import { requireIntentId, type StripeContext } from './intents.ts';

/** What was taken and given back, and Stripe's fee for it. The fee of a dispute is not in it. */
export async function readIntentTotals(
  ctx: StripeContext,
  payment: StartedPayment,
  signal: AbortSignal,
): Promise<PaymentTotals> {
  const id = await requireIntentId(ctx, payment, signal);
  const expand = ['latest_charge.balance_transaction'];
  const intent = await ctx.call(signal, (sdk) => sdk.paymentIntents.retrieve(id, { expand }));
  const charge = intent.latest_charge;
  const isCharge = charge !== null && typeof charge !== 'string';
  return {
    captured: ownAmount(intent.amount_received, intent.currency),
    refunded: isCharge ? ownAmount(charge.amount_refunded, charge.currency) : 0,
    fee: (isCharge ? feeOf(charge) : null) ?? 0,
  };
}

/**
 * Stripe's fee for a charge in minor units of the charge's currency; null where Stripe has not booked it yet, or does not tell. Stripe
 * keeps its fee in the currency of the shop's balance: the share of the fee in the amount that was booked is the same in both.
 */
export function feeOf(charge: Stripe.Charge): number | null {
  const booked = charge.balance_transaction;
  if (booked === null || typeof booked === 'string') return null;
  if (booked.amount <= 0 || booked.fee < 0) return null;
  const fee =
    booked.currency === charge.currency ? booked.fee : proportionRounded(charge.amount, booked.fee, booked.amount);
  return ownAmount(fee, charge.currency);
}
