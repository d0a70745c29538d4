import type Stripe from 'stripe';
import { invalidRequest, noSuch } from './api-error.ts';
import type { FormParams } from './form.ts';
import { newRefund } from './objects.ts';
import { amountParam, chargeOf, expandParam, intentById, textParam, textsOf } from './payment-intents-api.ts';
import { announce, bookMoney, expanded, nowInSeconds, type StripeRecords } from './records.ts';

/** `status`: what a bank makes of it, `succeeded`, `pending` or `failed`. */
export function createRefund(records: StripeRecords, params: FormParams, status: string): object {
  const id = textParam(params, 'payment_intent');
  if (id === undefined)
    throw invalidRequest('One of the following params should be provided for this request: payment_intent or charge.');
  const intent = intentById(records, id);
  if (intent.status !== 'succeeded') {
    throw invalidRequest(`This PaymentIntent (${id}) does not have a successful charge to refund.`);
  }
  const charge = chargeOf(records, intent);
  assertNotDisputed(charge);
  const left = charge.amount_captured - charge.amount_refunded;
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  const amount = amountParam(params, 'amount') ?? left;
  if (amount > left) {
    throw invalidRequest(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      param: 'amount',
    });
  }
  const refund = newRefund(charge, {
    amount,
    created: nowInSeconds(records),
    metadata: textsOf(params.metadata),
    status,
  });
  records.refunds.set(refund.id, refund);
  if (status === 'failed') refund.failure_reason = 'expired_or_canceled_card';
  else addToCharge(records, { charge, refund });
  return expanded(records, refund, expandParam(params));
}

/** `longest`: how many a page has at most. */
export function listRefunds(records: StripeRecords, params: FormParams, longest: number): object {
  const intent = textParam(params, 'payment_intent');
  const limit = Math.min(Number(textParam(params, 'limit') ?? '10'), longest);
  const after = textParam(params, 'starting_after');
  // The newest first.
  const all = [...records.refunds.values()]
    .filter((one) => intent === undefined || one.payment_intent === intent)
    .reverse();
  const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0) throw noSuch('refund', after, 'starting_after');
  const data = all.slice(start, start + limit);
  return { object: 'list', url: '/v1/refunds', has_more: all.length > start + limit, data };
}

function addToCharge(
  records: StripeRecords,
  { charge, refund }: { charge: Stripe.Charge; refund: Stripe.Refund },
): void {
  const { amount, currency, id: source } = refund;
  refund.balance_transaction = bookMoney(records, { amount: -amount, currency, type: 'refund', source }).id;
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount_captured;
  announce(records, 'refund.created', refund);
  announce(records, 'charge.refunded', charge);
}

function assertNotDisputed(charge: Stripe.Charge): void {
  if (!charge.disputed) return;
  throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
    code: 'charge_disputed',
  });
}
