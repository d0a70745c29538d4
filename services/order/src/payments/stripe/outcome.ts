import type { Money } from '@tradepost/contracts/money';
import type Stripe from 'stripe';
import type { PaymentAction } from '../../domain/payment.ts';
import type { PaymentOutcome } from '../provider.ts';
import { stripeAmount } from './amounts.ts';

/**
 * Where a payment stands by the status of its payment intent. A declined card is no end: the Payment Element lets the shopper try
 * again with the same intent. Throws where another amount was taken than the intent asked for, or than `expected`.
 * Source: https://docs.stripe.com/payments/paymentintents/lifecycle
 */
export function outcomeOf(intent: Stripe.PaymentIntent, publishableKey: string, expected?: Money): PaymentOutcome {
  const reference = intent.id;
  switch (intent.status) {
    case 'requires_payment_method':
    case 'requires_confirmation':
    case 'requires_action':
      return { status: 'requires_action', action: actionOf(intent, publishableKey), reference };
    case 'processing':
      return { status: 'unknown' };
    case 'requires_capture':
      assertAmount(intent, intent.amount_capturable, expected);
      return { status: 'authorized', reference };
    case 'succeeded':
      assertAmount(intent, intent.amount_received, expected);
      return { status: 'captured', reference };
    case 'canceled':
      return { status: 'voided' };
    default:
      throw new Error(`Stripe has the payment intent ${intent.id} in the unknown status ${intent.status}`);
  }
}

function actionOf(intent: Stripe.PaymentIntent, publishableKey: string): PaymentAction {
  if (intent.client_secret === null)
    throw new Error(`Stripe sent the payment intent ${intent.id} without its client secret`);
  return { type: 'client_secret', clientSecret: intent.client_secret, publishableKey };
}

/** Somebody changed the intent, or took a part of the money, in Stripe's dashboard for instance: the order must not count as paid. */
function assertAmount(intent: Stripe.PaymentIntent, amount: number, expected: Money | undefined): void {
  const isExpected =
    expected === undefined ||
    (amount === stripeAmount(expected) && intent.currency === expected.currency.toLowerCase());
  if (amount === intent.amount && isExpected) return;
  const wanted = expected === undefined ? '' : `, the payment over ${expected.amount} ${expected.currency}`;
  throw new Error(
    `The payment intent ${intent.id} is over ${intent.amount} ${intent.currency}${wanted}, but ${amount} came in (in Stripe's units)`,
  );
}
