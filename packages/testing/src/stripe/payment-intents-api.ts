import { isCurrency } from '@tradepost/contracts/currencies';
import type Stripe from 'stripe';
import { ApiError, invalidRequest, noSuch } from './api-error.ts';
import type { FormParams, FormValue } from './form.ts';
import { newPaymentIntent, newRefund } from './objects.ts';
import { announce, expanded, nowInSeconds, type StripeRecords } from './records.ts';
import { takeMoney } from './shopper.ts';

export function createIntent(records: StripeRecords, params: FormParams): object {
  const currency = textParam(params, 'currency') ?? missing('currency');
  const amount = amountParam(params, 'amount') ?? missing('amount');
  assertChargeable(amount, currency);
  const method = textParam(params, 'capture_method') ?? 'automatic_async';
  const intent = newPaymentIntent({
    amount,
    currency,
    capture_method: method,
    created: nowInSeconds(records),
    description: textParam(params, 'description') ?? null,
    metadata: textsOf(params.metadata),
  });
  records.intents.set(intent.id, intent);
  announce(records, 'payment_intent.created', intent);
  return expanded(records, intent, expandParam(params));
}

export function retrieveIntent(records: StripeRecords, params: FormParams, id: string): object {
  return expanded(records, intentById(records, id), expandParam(params));
}

export function captureIntent(records: StripeRecords, params: FormParams, id: string): object {
  const intent = intentById(records, id);
  assertStatus(intent, 'captured', ['requires_capture']);
  const charge = chargeOf(records, intent);
  const amount = amountParam(params, 'amount_to_capture') ?? intent.amount_capturable;
  if (amount > intent.amount_capturable) {
    throw invalidRequest('The payment intent has less to capture', {
      code: 'amount_too_large',
      param: 'amount_to_capture',
    });
  }
  charge.amount_captured = amount;
  charge.amount_refunded = charge.amount - amount;
  takeMoney(records, intent, charge);
  announce(records, 'charge.captured', charge);
  announce(records, 'payment_intent.succeeded', intent);
  return expanded(records, intent, expandParam(params));
}

const cancellable: readonly Stripe.PaymentIntent.Status[] = [
  'requires_payment_method',
  'requires_capture',
  'requires_confirmation',
  'requires_action',
];

export function cancelIntent(records: StripeRecords, params: FormParams, id: string): object {
  const intent = intentById(records, id);
  assertStatus(intent, 'canceled', cancellable);
  if (intent.status === 'requires_capture') releaseAuthorization(records, intent);
  intent.status = 'canceled';
  intent.next_action = null;
  intent.canceled_at = nowInSeconds(records);
  intent.cancellation_reason = textParam(params, 'cancellation_reason') ?? null;
  announce(records, 'payment_intent.canceled', intent);
  return expanded(records, intent, expandParam(params));
}

/** `metadata['name']:'value'` only. A search finds an intent a while after it was made. */
export function searchIntents(records: StripeRecords, params: FormParams, canFind: boolean): object {
  const query = textParam(params, 'query') ?? missing('query');
  const [, name, value] = /^metadata\['([^']+)'\]:'([^']*)'$/.exec(query) ?? [];
  if (name === undefined) throw invalidRequest('We were unable to parse your search query.', { param: 'query' });
  const data = [...records.intents.values()].filter((intent) => canFind && intent.metadata[name] === value);
  return { object: 'search_result', url: '/v1/payment_intents/search', has_more: false, next_page: null, data };
}

export function intentById(records: StripeRecords, id: string): Stripe.PaymentIntent {
  const intent = records.intents.get(id);
  if (!intent) throw noSuch('payment_intent', id, 'intent');
  return intent;
}

export function chargeOf(records: StripeRecords, intent: Stripe.PaymentIntent): Stripe.Charge {
  const charge = records.charges.get(String(intent.latest_charge));
  if (!charge) throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`);
  return charge;
}

export const textParam = (params: FormParams, name: string): string | undefined => {
  const value = params[name];
  return typeof value === 'string' ? value : undefined;
};

export function amountParam(params: FormParams, name: string): number | undefined {
  const text = textParam(params, name);
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) {
    throw invalidRequest(`Invalid integer: ${text}`, { code: 'parameter_invalid_integer', param: name });
  }
  return Number(text);
}

export function textsOf(value: FormValue | undefined): Record<string, string> {
  if (typeof value !== 'object' || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}

export const expandParam = (params: FormParams): string[] =>
  Array.isArray(params.expand) ? params.expand.map(String) : [];

function missing(param: string): never {
  throw invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

/** Stripe's rules of amounts: whole króna and shillings, no last digit of three, and not too little. */
function assertChargeable(amount: number, currency: string): void {
  if (currency !== currency.toLowerCase() || !isCurrency(currency.toUpperCase())) {
    throw invalidRequest(`Invalid currency: ${currency}.`, { param: 'currency' });
  }
  const step = ['isk', 'ugx'].includes(currency)
    ? 100
    : ['bhd', 'jod', 'kwd', 'omr', 'tnd'].includes(currency)
      ? 10
      : 1;
  if (amount % step !== 0) throw invalidRequest(`Invalid amount: must be a multiple of ${step}`, { param: 'amount' });
  if (amount < 50) {
    throw invalidRequest('Amount must be at least 50', { code: 'amount_too_small', param: 'amount' });
  }
  if (amount > 99_999_999) {
    throw invalidRequest('Amount must be no more than 99999999', { code: 'amount_too_large', param: 'amount' });
  }
}

function assertStatus(
  intent: Stripe.PaymentIntent,
  what: string,
  allowed: readonly Stripe.PaymentIntent.Status[],
): void {
  if (allowed.includes(intent.status)) return;
  throw new ApiError(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message: `This PaymentIntent could not be ${what} because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be ${what}: ${allowed.join(', ')}.`,
    payment_intent: structuredClone(intent),
  });
}

/** A cancelled authorisation is a refund at Stripe, of money that was never taken. */
function releaseAuthorization(records: StripeRecords, intent: Stripe.PaymentIntent): void {
  const charge = chargeOf(records, intent);
  const o = { amount: charge.amount, created: nowInSeconds(records), metadata: {}, status: 'succeeded' };
  const refund = newRefund(charge, o);
  records.refunds.set(refund.id, refund);
  charge.refunded = true;
  charge.amount_refunded = charge.amount;
  intent.amount_capturable = 0;
  announce(records, 'charge.refunded', charge);
}
