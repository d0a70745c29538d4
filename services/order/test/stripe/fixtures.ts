import { uuidv7 } from '@tradepost/postgres/uuid';
import { type StripeStandIn, type StripeStandInOptions, startStripeStandIn } from '@tradepost/testing/stripe/stand-in';
import type { NewPayment, PaymentOutcome, PaymentProvider, StartedPayment } from '../../src/payments/provider.ts';
import { stripeProvider } from '../../src/payments/stripe.ts';

export const secretKey = 'sk_test_standin0123456789';
export const webhookSecret = 'whsec_standin0123456789';
export const publishableKey = 'pk_test_standin0123456789';

/** A clock that a test turns. */
export const createClock = (start = new Date('2026-03-01T12:00:00Z')) => {
  let time = start.getTime();
  return {
    now: () => new Date(time),
    pass: (seconds: number) => {
      time += seconds * 1000;
    },
  };
};

export type StripeFixture = { standIn: StripeStandIn; provider: PaymentProvider };

export async function startStripe(
  o: Partial<StripeStandInOptions> & { now?: () => Date } = {},
): Promise<StripeFixture> {
  const standIn = await startStripeStandIn({ secretKey, webhookSecret, ...o });
  const now = o.now ?? (() => new Date());
  return {
    standIn,
    provider: stripeProvider({ secretKey, publishableKey, webhookSecret, apiUrl: standIn.url, now }),
  };
}

/** No limit of time: a test that hangs is ended by the runner. */
export const noLimit = new AbortController().signal;

export function newPayment(over: Partial<NewPayment> = {}): NewPayment {
  const orderId = uuidv7();
  return {
    key: orderId,
    reference: null,
    amount: { amount: 4200, currency: 'EUR' },
    token: 'payment_element',
    capture: 'at_once',
    orderId,
    orderNumber: 'T-10023456',
    ...over,
  };
}

/** Starts a payment, as `order` does, and keeps its reference. */
export async function start(
  provider: PaymentProvider,
  over: Partial<NewPayment> = {},
): Promise<StartedPayment & { reference: string }> {
  const request = newPayment(over);
  const reference = referenceOf(await provider.initiate(request, noLimit));
  return { key: request.key, amount: request.amount, reference };
}

export function referenceOf(outcome: PaymentOutcome): string {
  const reference = 'reference' in outcome ? outcome.reference : undefined;
  if (reference === undefined) throw new Error(`The outcome ${outcome.status} has no reference`);
  return reference;
}
