import type Stripe from 'stripe';
import { parsePaymentKey } from '../../domain/payment.ts';
import type { NewPayment, PaymentOutcome, StartedPayment } from '../provider.ts';
import { stripeAmount } from './amounts.ts';
import { type StripeCall, StripeCallError } from './client.ts';
import { outcomeOf } from './outcome.ts';

/**
 * Payments as payment intents, one for each key.
 *
 * The key is the idempotency key of the request that creates the intent, so that a repeated request gets the same intent. Stripe
 * keeps these keys for 24 hours at least. A request that is repeated later makes a second intent, which does no harm: the reference
 * of the first was not recorded, so nobody was ever given its client secret, and without that nobody can pay it.
 *
 * Captures and cancellations have no key of ours: an intent is captured and cancelled once, whoever asks how often, and a
 * key would bring back an old refusal for a day ("cannot be cancelled while it is processing") after the reason for it is gone.
 */
export type StripeContext = { call: StripeCall; publishableKey: string };

const DECLINED: PaymentOutcome = { status: 'declined', reason: 'payment_declined' };
const UNEXPECTED_STATE = 'payment_intent_unexpected_state';

/** States in which an intent can be neither captured nor cancelled: somebody else was faster. */
const tooLate: readonly Stripe.PaymentIntent.Status[] = ['succeeded', 'canceled', 'processing'];

export async function createIntent(
  ctx: StripeContext,
  request: NewPayment,
  signal: AbortSignal,
): Promise<PaymentOutcome> {
  if (request.reference !== null) return readOutcome(ctx, request, signal);
  const params = intentParams(request, {
    capture_method: request.capture === 'at_once' ? 'automatic' : 'manual',
    description: `Order ${request.orderNumber}`,
  });
  if (params === null) return DECLINED;
  try {
    const intent = await createOnce(ctx, { params, key: request.key }, signal);
    return outcomeOf(intent, ctx.publishableKey, request.amount);
  } catch (error) {
    if (isAmountRefused(error)) return DECLINED;
    if (!isKeyUsed(error)) throw error;
    // The same key with other parameters: a cancellation came first, or another version of this program asked.
    return readOutcome(ctx, request, signal);
  }
}

/** Where a payment stands; unknown while no intent of it is known, which may change within a minute (see `searchId`). */
export async function readOutcome(
  ctx: StripeContext,
  payment: StartedPayment,
  signal: AbortSignal,
): Promise<PaymentOutcome> {
  const id = payment.reference ?? (await searchId(ctx, payment.key, signal));
  if (id === null) return { status: 'unknown' };
  return outcomeOf(await retrieve(ctx, id, signal), ctx.publishableKey, payment.amount);
}

/** The id of the intent of a payment. Throws where none is known. */
export async function requireIntentId(
  ctx: StripeContext,
  payment: StartedPayment,
  signal: AbortSignal,
): Promise<string> {
  const id = payment.reference ?? (await searchId(ctx, payment.key, signal));
  if (id === null) throw new Error(`Stripe knows no payment intent of the payment ${payment.key} yet`);
  return id;
}

export async function captureIntent(
  ctx: StripeContext,
  payment: StartedPayment,
  signal: AbortSignal,
): Promise<PaymentOutcome> {
  const id = await requireIntentId(ctx, payment, signal);
  const change = ctx.call(signal, (sdk) => sdk.paymentIntents.capture(id));
  return outcomeOf(await orAsItIs(ctx, { id, change }, signal), ctx.publishableKey, payment.amount);
}

/**
 * Cancels an intent, or says that it was paid already. Where no reference was recorded, the first request may still be under way:
 * an intent is created under its key and cancelled, so that the request comes to nothing whenever it arrives. If the key was used
 * before, Stripe refuses ours, since its parameters differ; then the intent of that request is the one to cancel.
 */
export async function cancelIntent(
  ctx: StripeContext,
  payment: StartedPayment,
  signal: AbortSignal,
): Promise<PaymentOutcome> {
  const id = payment.reference ?? (await intentToCancel(ctx, payment, signal));
  if (id === null) return { status: 'voided' };
  const change = ctx.call(signal, (sdk) => sdk.paymentIntents.cancel(id));
  return outcomeOf(await orAsItIs(ctx, { id, change }, signal), ctx.publishableKey, payment.amount);
}

/** Null where Stripe makes no such intent, of this amount for instance: there is none, and there will be none. */
async function intentToCancel(
  ctx: StripeContext,
  payment: StartedPayment,
  signal: AbortSignal,
): Promise<string | null> {
  const params = intentParams(payment, { description: 'Cancelled before it began' });
  if (params === null) return null;
  try {
    return (await createOnce(ctx, { params, key: payment.key }, signal)).id;
  } catch (error) {
    if (isRefused(error)) return null;
    if (!isKeyUsed(error)) throw error;
    return requireIntentId(ctx, payment, signal);
  }
}

/** Null for an amount that Stripe cannot represent. */
function intentParams(
  { key, amount }: StartedPayment,
  more: Pick<Stripe.PaymentIntentCreateParams, 'capture_method' | 'description'>,
): Stripe.PaymentIntentCreateParams | null {
  const inItsUnits = stripeAmount(amount);
  if (inItsUnits === null) return null;
  return {
    amount: inItsUnits,
    currency: amount.currency.toLowerCase(),
    automatic_payment_methods: { enabled: true },
    metadata: { order_id: parsePaymentKey(key)?.orderId ?? key, payment_key: key },
    ...more,
  };
}

/** Stripe repeats the first answer to a key, however the intent has changed since; so a repeated one is read again. */
async function createOnce(
  ctx: StripeContext,
  { params, key }: { params: Stripe.PaymentIntentCreateParams; key: string },
  signal: AbortSignal,
): Promise<Stripe.PaymentIntent> {
  const intent = await ctx.call(signal, (sdk) => sdk.paymentIntents.create(params, { idempotencyKey: key }));
  // The SDK's type promises an object; with `fetch` it is the `Headers` of the answer. This reads both.
  const isRepeated = new Headers(intent.lastResponse.headers).get('idempotent-replayed') === 'true';
  return isRepeated ? retrieve(ctx, intent.id, signal) : intent;
}

const retrieve = (ctx: StripeContext, id: string, signal: AbortSignal): Promise<Stripe.PaymentIntent> =>
  ctx.call(signal, (sdk) => sdk.paymentIntents.retrieve(id));

/** Stripe finds an intent here up to a minute after it was created. Source: https://docs.stripe.com/search#data-freshness */
async function searchId(ctx: StripeContext, key: string, signal: AbortSignal): Promise<string | null> {
  const query = `metadata['payment_key']:'${key}'`;
  const { data } = await ctx.call(signal, (sdk) => sdk.paymentIntents.search({ query, limit: 1 }));
  return data[0]?.id ?? null;
}

/** The intent after a change, or as it is where it is too late for the change. */
async function orAsItIs(
  ctx: StripeContext,
  { id, change }: { id: string; change: Promise<Stripe.PaymentIntent> },
  signal: AbortSignal,
): Promise<Stripe.PaymentIntent> {
  try {
    return await change;
  } catch (error) {
    if (!(error instanceof StripeCallError) || error.code !== UNEXPECTED_STATE) throw error;
    const intent = await retrieve(ctx, id, signal);
    if (!tooLate.includes(intent.status)) throw error;
    return intent;
  }
}

const isKeyUsed = (error: unknown): boolean =>
  error instanceof StripeCallError && error.status === 400 && error.type === 'idempotency_error';

const isRefused = (error: unknown): error is StripeCallError =>
  error instanceof StripeCallError && error.status === 400 && error.type === 'invalid_request_error';

/** Stripe takes no such amount, or not in this currency: no later try can succeed. */
const isAmountRefused = (error: unknown): boolean =>
  isRefused(error) && (error.param === 'amount' || error.param === 'currency');
