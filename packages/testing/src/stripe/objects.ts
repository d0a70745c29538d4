import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';

/**
 * Stripe's objects with all their fields, as a payment by card has them. The types come from the official SDK: a field that is missing,
 * or of another type, does not compile. What is sent is checked against the API description besides.
 */
export const stripeId = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;

type NewIntent = Pick<
  Stripe.PaymentIntent,
  'amount' | 'currency' | 'capture_method' | 'created' | 'description' | 'metadata'
>;

export function newPaymentIntent(o: NewIntent): Stripe.PaymentIntent {
  const id = stripeId('pi');
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: { allow_redirects: 'always', enabled: true },
    canceled_at: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomBytes(12).toString('hex')}`,
    confirmation_method: 'automatic',
    customer: null,
    customer_account: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: { id: 'pmc_standin', parent: null },
    payment_method_options: { card: cardOptions },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
    ...o,
  };
}

const cardOptions: Stripe.PaymentIntent.PaymentMethodOptions.Card = {
  installments: null,
  mandate_options: null,
  network: null,
  request_three_d_secure: 'automatic',
};

/** A charge of an intent: each try to pay it makes one. */
export function newCharge(
  intent: Stripe.PaymentIntent,
  o: Pick<Stripe.Charge, 'created' | 'captured' | 'status' | 'failure_code' | 'failure_message'>,
): Stripe.Charge {
  const succeeds = o.status === 'succeeded';
  return {
    id: stripeId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: o.captured ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: 'TRADEPOST',
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    fraud_details: {},
    livemode: false,
    // Stripe copies the metadata of the intent when the charge is made.
    metadata: { ...intent.metadata },
    on_behalf_of: null,
    outcome: outcomeOf(succeeds),
    paid: succeeds,
    payment_intent: intent.id,
    payment_method: intent.payment_method === null ? null : String(intent.payment_method),
    payment_method_details: { type: 'card' },
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_data: null,
    transfer_group: null,
    ...o,
  };
}

const outcomeOf = (succeeds: boolean): Stripe.Charge.Outcome => ({
  advice_code: null,
  network_advice_code: null,
  network_decline_code: succeeds ? null : '01',
  network_status: succeeds ? 'approved_by_network' : 'declined_by_network',
  reason: succeeds ? null : 'generic_decline',
  seller_message: succeeds ? 'Payment complete.' : 'The bank did not return any further details with this decline.',
  type: succeeds ? 'authorized' : 'issuer_declined',
});

type NewBooking = Pick<Stripe.BalanceTransaction, 'amount' | 'created' | 'currency' | 'exchange_rate' | 'fee' | 'type'>;

export function newBalanceTransaction(o: NewBooking & { source: string }): Stripe.BalanceTransaction {
  const fee = { amount: o.fee, application: null, currency: o.currency, description: 'Stripe processing fees' };
  return {
    id: stripeId('txn'),
    object: 'balance_transaction',
    available_on: o.created,
    balance_type: 'payments',
    description: null,
    fee_details: o.fee === 0 ? [] : [{ ...fee, type: 'stripe_fee' }],
    net: o.amount - o.fee,
    reporting_category: o.type,
    status: 'pending',
    ...o,
  };
}

type NewRefund = Pick<Stripe.Refund, 'amount' | 'created' | 'metadata' | 'status'>;

export function newRefund(charge: Stripe.Charge, o: NewRefund): Stripe.Refund {
  return {
    id: stripeId('re'),
    object: 'refund',
    balance_transaction: null,
    charge: charge.id,
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: { card: { type: 'refund' }, type: 'card' },
    payment_intent: charge.payment_intent,
    payment_method: null,
    reason: null,
    receipt_number: null,
    source_transfer_reversal: null,
    transfer_reversal: null,
    ...o,
  };
}

export function newEvent(
  type: Stripe.Event.Type,
  object: object,
  o: { created: number; apiVersion: string },
): StripeEvent {
  return {
    id: stripeId('evt'),
    object: 'event',
    api_version: o.apiVersion,
    created: o.created,
    // The state at this moment: a later one makes an event of its own.
    data: { object: structuredClone(object) },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  };
}

/** An event as it is sent: the SDK's type is a union by `type`, which nothing here needs. */
export type StripeEvent = Stripe.EventBase;
