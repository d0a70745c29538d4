import type Stripe from 'stripe';
import { newCharge, stripeId } from './objects.ts';
import { announce, bookMoney, nowInSeconds, type StripeRecords } from './records.ts';

/** What a shopper's card does. `processing`: the bank takes its time, as with a direct debit. */
export type TestCard = 'succeeds' | 'needs_3d_secure' | 'declined' | 'processing';

/** The shopper pays in the Payment Element with a card. */
export function confirmIntent(records: StripeRecords, intent: Stripe.PaymentIntent, card: TestCard): void {
  if (intent.status !== 'requires_payment_method' && intent.status !== 'requires_confirmation') {
    throw new Error(`The shopper cannot pay: the payment intent is ${intent.status}`);
  }
  intent.payment_method = stripeId('pm');
  intent.last_payment_error = null;
  if (card === 'succeeds') succeed(records, intent);
  else if (card === 'declined') fail(records, intent, declined);
  else if (card === 'processing') {
    intent.status = 'processing';
    announce(records, 'payment_intent.processing', intent);
  } else {
    intent.status = 'requires_action';
    intent.next_action = { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'stripe_3ds2_fingerprint' } };
    announce(records, 'payment_intent.requires_action', intent);
  }
}

/** How 3-D Secure, or a payment that was processing, ends. */
export function settleIntent(records: StripeRecords, intent: Stripe.PaymentIntent, succeeds: boolean): void {
  if (intent.status !== 'requires_action' && intent.status !== 'processing') {
    throw new Error(`Nothing is under way: the payment intent is ${intent.status}`);
  }
  const error = intent.status === 'processing' ? declined : notAuthenticated;
  intent.next_action = null;
  if (succeeds) succeed(records, intent);
  else fail(records, intent, error);
}

/** Takes the money of a charge that was only authorised, or is new. */
export function takeMoney(records: StripeRecords, intent: Stripe.PaymentIntent, charge: Stripe.Charge): void {
  charge.captured = true;
  charge.balance_transaction = bookMoney(records, {
    ...charge,
    amount: charge.amount_captured,
    type: 'charge',
    source: charge.id,
  }).id;
  intent.status = 'succeeded';
  intent.amount_capturable = 0;
  intent.amount_received = charge.amount_captured;
}

function succeed(records: StripeRecords, intent: Stripe.PaymentIntent): void {
  const isManual = intent.capture_method === 'manual';
  const charge = newCharge(intent, {
    created: nowInSeconds(records),
    captured: !isManual,
    status: 'succeeded',
    failure_code: null,
    failure_message: null,
  });
  records.charges.set(charge.id, charge);
  intent.latest_charge = charge.id;
  if (isManual) {
    intent.status = 'requires_capture';
    intent.amount_capturable = intent.amount;
  } else {
    takeMoney(records, intent, charge);
  }
  announce(records, 'charge.succeeded', charge);
  announce(records, isManual ? 'payment_intent.amount_capturable_updated' : 'payment_intent.succeeded', intent);
}

const declined: Stripe.PaymentIntent.LastPaymentError = {
  type: 'card_error',
  code: 'card_declined',
  decline_code: 'generic_decline',
  message: 'Your card was declined.',
};

const notAuthenticated: Stripe.PaymentIntent.LastPaymentError = {
  type: 'invalid_request_error',
  code: 'payment_intent_authentication_failure',
  message: 'The provided PaymentMethod has failed authentication.',
};

function fail(
  records: StripeRecords,
  intent: Stripe.PaymentIntent,
  error: Stripe.PaymentIntent.LastPaymentError,
): void {
  intent.status = 'requires_payment_method';
  intent.payment_method = null;
  intent.last_payment_error = error;
  if (error === declined) {
    const charge = newCharge(intent, {
      created: nowInSeconds(records),
      captured: false,
      status: 'failed',
      failure_code: 'card_declined',
      failure_message: 'Your card was declined.',
    });
    records.charges.set(charge.id, charge);
    intent.latest_charge = charge.id;
    announce(records, 'charge.failed', charge);
  }
  announce(records, 'payment_intent.payment_failed', intent);
}
