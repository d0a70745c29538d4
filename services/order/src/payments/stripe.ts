import type { PaymentProvider } from './provider.ts';
import { stripeStep } from './stripe/amounts.ts';
import { createStripeCall, type StripeClientOptions } from './stripe/client.ts';
import { cancelIntent, captureIntent, createIntent, readOutcome, type StripeContext } from './stripe/intents.ts';
import { refundIntent } from './stripe/refunds.ts';
import { readIntentTotals } from './stripe/totals.ts';
import { parseStripeWebhook } from './stripe/webhook.ts';

export type StripeOptions = StripeClientOptions & {
  /** Public: the browser needs it for Stripe.js. */
  publishableKey: string;
  /** Of the webhook endpoint, `whsec_…`. */
  webhookSecret: string;
  now?: () => Date;
};

/** The browser has nothing from Stripe before the payment intent is made; so the token only says what it is going to show. */
const PAYMENT_ELEMENT = 'payment_element';

/**
 * Payments by Stripe: the shopper pays in the Payment Element in the shop's page, with whatever means of payment the account
 * offers. Card data goes from the browser to Stripe and never comes here. docs/guides/stripe.md says how it is set up.
 */
export function stripeProvider({ secretKey, apiUrl, ...o }: StripeOptions): PaymentProvider {
  const { publishableKey, webhookSecret, now = () => new Date() } = o;
  const ctx: StripeContext = { call: createStripeCall({ secretKey, apiUrl }), publishableKey };
  return {
    name: 'stripe',
    tokenProblem: (token) => (token === PAYMENT_ELEMENT ? null : `Stripe takes the token ${PAYMENT_ELEMENT} only`),
    initiate: (request, signal) => createIntent(ctx, request, signal),
    authorize: (payment, signal) => readOutcome(ctx, payment, signal),
    capture: (payment, signal) => captureIntent(ctx, payment, signal),
    cancel: (payment, signal) => cancelIntent(ctx, payment, signal),
    refund: (request, signal) => refundIntent(ctx, request, signal),
    refundStep: stripeStep,
    readTotals: (payment, signal) => readIntentTotals(ctx, payment, signal),
    parseWebhook: (rawBody, headers) => parseStripeWebhook(rawBody, headers, { webhookSecret, publishableKey, now }),
  };
}
