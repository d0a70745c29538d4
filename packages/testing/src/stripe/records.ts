import type Stripe from 'stripe';
import { eventProblems } from './description-check.ts';
import { newBalanceTransaction, newEvent, type StripeEvent } from './objects.ts';

/** What the stand-in remembers: all of it in memory. */
export type StripeRecords = {
  intents: Map<string, Stripe.PaymentIntent>;
  charges: Map<string, Stripe.Charge>;
  refunds: Map<string, Stripe.Refund>;
  disputes: Map<string, Stripe.Dispute>;
  balanceTransactions: Map<string, Stripe.BalanceTransaction>;
  /** All that happened, in its order. */
  events: StripeEvent[];
  now: () => Date;
  apiVersion: string;
  /** The currency of the shop's balance, and what a minor unit of a payment is worth in it. */
  settlement: { currency: string; rate: number } | null;
  onEvent: (event: StripeEvent) => void;
  /** What was sent or received that Stripe's API description does not have. */
  violations: string[];
};

/** Something that the stand-in was to answer or send is not as Stripe describes it. */
export class DescriptionError extends Error {
  override readonly name = 'DescriptionError';
}

/** Keeps violations, so that the test fails at its end too, and throws where there are any. */
export function assertNoViolations(violations: string[], problems: readonly string[]): void {
  if (problems.length === 0) return;
  violations.push(...problems);
  throw new DescriptionError(`Not as in Stripe's API description: ${problems.join('; ')}`);
}

export const nowInSeconds = (records: StripeRecords): number => Math.floor(records.now().getTime() / 1000);

export function announce(records: StripeRecords, type: Stripe.Event.Type, object: object): void {
  const event = newEvent(type, object, { created: nowInSeconds(records), apiVersion: records.apiVersion });
  assertNoViolations(records.violations, eventProblems(event));
  records.events.push(event);
  records.onEvent(event);
}

/** Books money that comes in or goes out. The fee is 1.5 % and 25 minor units of what comes in. */
export function bookMoney(
  records: StripeRecords,
  o: { amount: number; currency: string; type: Stripe.BalanceTransaction.Type; source: string },
): Stripe.BalanceTransaction {
  const { currency = o.currency, rate = 1 } = records.settlement ?? {};
  const amount = Math.round(o.amount * rate);
  const booking = newBalanceTransaction({
    amount,
    created: nowInSeconds(records),
    currency,
    exchange_rate: currency === o.currency ? null : rate,
    fee: o.type === 'charge' ? Math.round(amount * 0.015) + 25 : 0,
    type: o.type,
    source: o.source,
  });
  records.balanceTransactions.set(booking.id, booking);
  return booking;
}

/** Puts objects in the place of their ids, as `expand` asks: `latest_charge.balance_transaction`. */
export function expanded(records: StripeRecords, object: object, paths: readonly string[]): object {
  const copy: Record<string, unknown> = { ...object };
  for (const path of paths) {
    const [field = '', ...rest] = path.split('.');
    const value = copy[field];
    const found = typeof value === 'string' ? objectById(records, value) : value;
    if (typeof found !== 'object' || found === null) continue;
    copy[field] = rest.length === 0 ? found : expanded(records, found, [rest.join('.')]);
  }
  return copy;
}

const objectById = (records: StripeRecords, id: string): object | undefined =>
  records.intents.get(id) ?? records.charges.get(id) ?? records.balanceTransactions.get(id);
