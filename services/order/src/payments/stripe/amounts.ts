import { currencyDecimals } from '@tradepost/contracts/currencies';
import type { Money } from '@tradepost/contracts/money';

/**
 * Stripe counts in minor units as we do, but its minor units are not those of ISO 4217 for all currencies: a wrong factor would
 * take a hundred times too much. Source: https://docs.stripe.com/currencies, "Zero-decimal currencies" and "Special cases".
 *
 * - ISK and UGX have no decimals any more, but Stripe still takes them with two, which must be `00`. UGX is in its list of zero-decimal
 *   currencies too; the special case is what a payment follows.
 * - MGA has two decimals in ISO 4217 and none at Stripe.
 * - HUF and TWD have none in payouts only; payments have two, as in ISO 4217.
 */
const decimalsAtStripe: ReadonlyMap<string, number> = new Map([
  ['ISK', 2],
  ['UGX', 2],
  ['MGA', 0],
]);

/** Stripe takes these with three decimals, of which the last must be 0. */
const threeDecimals: ReadonlySet<string> = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

/** Stripe does not say how it would count in these, and takes no payments in them. */
const notAtStripe: ReadonlySet<string> = new Set(['CLF', 'IQD', 'LYD', 'UYI', 'UYW']);

/** An amount in Stripe's units; null for one that Stripe cannot take exactly, such as a tenth of a fils. */
export function stripeAmount({ amount, currency }: Money): number | null {
  if (notAtStripe.has(currency)) return null;
  const inItsUnits = amount * factorOf(currency);
  if (!Number.isSafeInteger(inItsUnits)) return null;
  return threeDecimals.has(currency) && inItsUnits % 10 !== 0 ? null : inItsUnits;
}

/** Stripe takes exactly the multiples of so many of our minor units. */
export const stripeStep = (currency: string): number =>
  threeDecimals.has(currency) ? 10 : Math.max(1, Math.round(1 / factorOf(currency)));

/** An amount of Stripe in our minor units, rounded where Stripe counts finer, as it may for its fees. */
export const ownAmount = (amount: number, currency: string): number =>
  Math.round(amount / factorOf(currency.toUpperCase()));

/** What an amount in our minor units is multiplied by; below 1 where Stripe has fewer decimals. */
const factorOf = (currency: string): number => {
  const decimals = currencyDecimals(currency);
  return 10 ** ((decimalsAtStripe.get(currency) ?? decimals) - decimals);
};
