import { proportionRounded, splitInProportion } from '../proportion.ts';
import type { Adjustment } from './adjustment.ts';
import { PARTS_PER_MILLION, type PricingRules, type TaxRate } from './rules.ts';

/** Something that is taxed: what is to be paid of a line, or of shipping (`sku` is null), after discounts. */
export type TaxedAmount = { sku: string | null; taxClass: string; amount: number };

export type TaxDestination = { country: string; region?: string | undefined };

/** The rates that count for a tax class at a destination and a moment. */
export const ratesFor = (
  rates: readonly TaxRate[],
  taxClass: string,
  { country, region }: TaxDestination,
  at: Date,
): TaxRate[] =>
  rates.filter(
    (rate) =>
      rate.taxClass === taxClass &&
      rate.country === country &&
      (rate.region === null || rate.region === region) &&
      (rate.validFrom === null || rate.validFrom <= at) &&
      (rate.validUntil === null || at < rate.validUntil),
  );

/**
 * The taxes of amounts, one adjustment for each amount and rate. They are rounded to the nearest minor unit, a half up: for each
 * amount, or for all amounts of a tax class together and then split over them.
 */
export function taxAdjustments(
  rules: PricingRules,
  amounts: readonly TaxedAmount[],
  destination: TaxDestination,
  at: Date,
): Adjustment[] {
  const byClass = Map.groupBy(amounts, ({ taxClass }) => taxClass);
  return [...byClass].flatMap(([taxClass, ofClass]) => {
    const rates = ratesFor(rules.taxRates, taxClass, destination, at);
    if (rates.length === 0) return [];
    const groups = rules.taxRounding === 'line' ? ofClass.map((amount) => [amount]) : [ofClass];
    return groups.flatMap((group) => taxesOfGroup(group, rates, rules.taxIncluded));
  });
}

/** Rounds the tax of a group once, and splits it over its amounts. */
function taxesOfGroup(group: readonly TaxedAmount[], rates: readonly TaxRate[], included: boolean): Adjustment[] {
  const weights = group.map(({ amount }) => amount);
  const sum = weights.reduce((total, amount) => total + amount, 0);
  const taxes = included
    ? includedTaxes(sum, rates)
    : rates.map(({ ratePpm }) => proportionRounded(sum, ratePpm, PARTS_PER_MILLION));
  return rates.flatMap((rate, i) => {
    const shares = splitInProportion(taxes[i] ?? 0, weights);
    return group.map(
      ({ sku, amount }, j): Adjustment => ({
        type: 'tax',
        sku,
        sourceId: rate.id,
        reason: rate.name,
        basis: amount,
        ratePpm: rate.ratePpm,
        amount: shares[j] ?? 0,
        included,
      }),
    );
  });
}

/** The taxes in an amount that includes them: rounded together, so that what is left is the net amount, then split by their rates. */
function includedTaxes(gross: number, rates: readonly TaxRate[]): number[] {
  const ppm = rates.map(({ ratePpm }) => ratePpm);
  const all = ppm.reduce((sum, rate) => sum + rate, 0);
  return splitInProportion(proportionRounded(gross, all, PARTS_PER_MILLION + all), ppm);
}
