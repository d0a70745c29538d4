import type Stripe from 'stripe';
import { stripeId } from './objects.ts';
import { chargeOf, intentById } from './payment-intents-api.ts';
import { announce, bookMoney, nowInSeconds, type StripeRecords } from './records.ts';

export function openDispute(records: StripeRecords, intentId: string, status: Stripe.Dispute.Status): Stripe.Dispute {
  const charge = chargeOf(records, intentById(records, intentId));
  const dispute = newDispute(charge, { created: nowInSeconds(records), status, balance_transactions: [] });
  records.disputes.set(dispute.id, dispute);
  announce(records, 'charge.dispute.created', dispute);
  // An inquiry takes no money.
  if (status === 'needs_response') withdrawFunds(records, dispute);
  return dispute;
}

export function withdrawFunds(records: StripeRecords, dispute: Stripe.Dispute): void {
  const charge = records.charges.get(String(dispute.charge));
  if (!charge) throw new Error(`The dispute ${dispute.id} has no charge`);
  const { amount, currency } = dispute;
  dispute.balance_transactions.push(
    bookMoney(records, { amount: -amount, currency, type: 'adjustment', source: dispute.id }),
  );
  dispute.status = 'needs_response';
  charge.disputed = true;
  announce(records, 'charge.dispute.funds_withdrawn', dispute);
}

export function closeDispute(records: StripeRecords, dispute: Stripe.Dispute, status: Stripe.Dispute.Status): void {
  dispute.status = status;
  announce(records, 'charge.dispute.closed', dispute);
}

export function disputeById(records: StripeRecords, id: string): Stripe.Dispute {
  const dispute = records.disputes.get(id);
  if (!dispute) throw new Error(`There is no dispute ${id}`);
  return dispute;
}

/** A dispute of a whole charge. */
function newDispute(
  charge: Stripe.Charge,
  o: Pick<Stripe.Dispute, 'created' | 'status' | 'balance_transactions'>,
): Stripe.Dispute {
  return {
    id: stripeId('dp'),
    object: 'dispute',
    amount: charge.amount,
    charge: charge.id,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: o.created + 7 * 24 * 60 * 60,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: 'fraudulent',
    ...o,
  };
}

const noEvidence: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};
