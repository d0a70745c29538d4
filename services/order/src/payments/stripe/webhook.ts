import type { IncomingHttpHeaders } from 'node:http';
import Stripe from 'stripe';
import { parsePaymentKey } from '../../domain/payment.ts';
import { type PaymentMessage, type PaymentOutcome, WebhookError } from '../provider.ts';
import { ownAmount } from './amounts.ts';
import { outcomeOf } from './outcome.ts';
import { feeOf } from './totals.ts';

/** How old a webhook may be, in seconds: one that somebody recorded is of no use to them later. */
const TOLERANCE_S = 300;

/** The events that an endpoint has to be given, as docs/guides/stripe.md lists them. */
export const stripeEventTypes = [
  'payment_intent.succeeded',
  'payment_intent.amount_capturable_updated',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'charge.succeeded',
  'charge.updated',
  'charge.dispute.created',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.closed',
] as const;

export type WebhookOptions = { webhookSecret: string; publishableKey: string; now: () => Date };

/** The messages of an event of Stripe; none for events that are of other types, or not about a payment of ours. */
export function parseStripeWebhook(
  rawBody: Buffer,
  headers: IncomingHttpHeaders,
  { webhookSecret, publishableKey, now }: WebhookOptions,
): PaymentMessage[] {
  const event = readEvent(rawBody, headers['stripe-signature'], { webhookSecret, now });
  switch (event.type) {
    case 'payment_intent.succeeded':
    case 'payment_intent.amount_capturable_updated':
    case 'payment_intent.payment_failed':
    case 'payment_intent.canceled':
      return intentMessages(event.id, event.data.object, publishableKey);
    case 'charge.succeeded':
    case 'charge.updated':
      return feeMessages(event.id, event.data.object);
    case 'charge.dispute.created':
    case 'charge.dispute.funds_withdrawn':
      return openedDispute(event.data.object);
    case 'charge.dispute.closed':
      return closedDispute(event.data.object);
    default:
      return [];
  }
}

function readEvent(
  rawBody: Buffer,
  signature: string | string[] | undefined,
  { webhookSecret, now }: { webhookSecret: string; now: () => Date },
): Stripe.Event {
  if (typeof signature !== 'string') throw new WebhookError('The webhook has no header Stripe-Signature');
  const receivedAt = now().getTime();
  let event: unknown;
  try {
    event = Stripe.webhooks.constructEvent(rawBody, signature, webhookSecret, TOLERANCE_S, undefined, receivedAt);
  } catch (error) {
    // The SDK's errors carry the body and the header.
    if (!(error instanceof Stripe.errors.StripeError)) throw new WebhookError('The body of the webhook is no event');
    throw new WebhookError(`The webhook was not signed by Stripe, or more than ${TOLERANCE_S} s ago`);
  }
  if (!isEvent(event)) throw new WebhookError('The body of the webhook is no event');
  return event;
}

function isEvent(event: unknown): event is Stripe.Event {
  if (!isObject(event) || event.object !== 'event' || !isObject(event.data)) return false;
  return typeof event.id === 'string' && typeof event.type === 'string' && isObject(event.data.object);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function intentMessages(id: string, intent: Stripe.PaymentIntent, publishableKey: string): PaymentMessage[] {
  const key = paymentKeyOf(intent.metadata);
  return key === null ? [] : [{ id, key, content: outcomeOrUnknown(intent, publishableKey) }];
}

/** What cannot be made sense of is asked about: the error is then in the log of a task, not in an answer to Stripe. */
function outcomeOrUnknown(intent: Stripe.PaymentIntent, publishableKey: string): PaymentOutcome {
  try {
    return outcomeOf(intent, publishableKey);
  } catch {
    return { status: 'unknown' };
  }
}

/** Events mostly name the balance transaction only; then the fee comes from the comparison with Stripe's books. */
function feeMessages(id: string, charge: Stripe.Charge): PaymentMessage[] {
  const key = paymentKeyOf(charge.metadata);
  const amount = feeOf(charge);
  return key === null || amount === null ? [] : [{ id, key, content: { status: 'fee', amount } }];
}

/**
 * A dispute takes the money when it is created. One that begins as an inquiry (`warning_…`) does so later, if at all, and one that was
 * prevented never does. Both events tell of the same, so their messages have one id.
 * Source: https://docs.stripe.com/disputes/how-disputes-work
 */
function openedDispute(dispute: Stripe.Dispute): PaymentMessage[] {
  const isWithoutMoney = dispute.status.startsWith('warning_') || dispute.status === 'prevented';
  return isWithoutMoney ? [] : disputeMessage(dispute, 'dispute_opened');
}

/** Others than `won` and `lost` end as well, such as an inquiry: with the money where it was. */
function closedDispute(dispute: Stripe.Dispute): PaymentMessage[] {
  if (dispute.status === 'won') return disputeMessage(dispute, 'dispute_won');
  return dispute.status === 'lost' ? disputeMessage(dispute, 'dispute_lost') : [];
}

/** Disputes name the payment intent, not our key. */
function disputeMessage(
  { id: disputeId, payment_intent: intent, ...dispute }: Stripe.Dispute,
  status: 'dispute_opened' | 'dispute_won' | 'dispute_lost',
): PaymentMessage[] {
  if (intent === null) return [];
  const reference = typeof intent === 'string' ? intent : intent.id;
  const amount = ownAmount(dispute.amount, dispute.currency);
  return [{ id: `${disputeId}:${status}`, key: null, reference, content: { status, amount, disputeId } }];
}

function paymentKeyOf(metadata: Stripe.Metadata | null | undefined): string | null {
  const key = metadata?.payment_key;
  return typeof key === 'string' && parsePaymentKey(key) !== null ? key : null;
}
