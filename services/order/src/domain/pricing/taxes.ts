import { proportionRounded, splitInProportion } from '../proportion.ts';
import type { Adjustment } from './adjustment.ts';
import { PARTS_PER_MILLION, type PricingRules, type TaxRate } from './rules.ts';

/** Something that is taxed: what is to be paid of a line, or of shipping (`sku` is null), after discounts. */
export type TaxedAmount = { sku: string | null; taxClass: string; amount: number };

export type TaxDestination = { country: string; region?: string | undefined };

/** The rates that count for a tax class at a destination and a moment. */
const ratesFor = (
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
  const shares = included ? includedTaxes(weights, rates) : addedTaxes(weights, rates);
  return rates.flatMap((rate, i) =>
    group.map(
      ({ sku, amount }, j): Adjustment => ({
        type: 'tax',
        sku,
        sourceId: rate.id,
        reason: rate.name,
        basis: amount,
        ratePpm: rate.ratePpm,
        amount: shares[j]?.[i] ?? 0,
        included,
      }),
    ),
  );
}

const sumOfAll = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

/** Taxes that are added to amounts, by amount and rate: each rate is rounded for all amounts, then split over them. */
function addedTaxes(amounts: readonly number[], rates: readonly TaxRate[]): number[][] {
  const sum = sumOfAll(amounts);
  const byRate = rates.map(({ ratePpm }) =>
    splitInProportion(proportionRounded(sum, ratePpm, PARTS_PER_MILLION), amounts),
  );
  return amounts.map((_, j) => byRate.map((shares) => shares[j] ?? 0));
}

/**
 * The taxes in amounts that include them, by amount and rate. All rates are rounded together, so that what is left is the net amount. They
 * are split over the amounts first and over the rates then: a share of one rate after another could be more than a small amount is.
 */
function includedTaxes(amounts: readonly number[], rates: readonly TaxRate[]): number[][] {
  const ppm = rates.map(({ ratePpm }) => ratePpm);
  const all = sumOfAll(ppm);
  const tax = proportionRounded(sumOfAll(amounts), all, PARTS_PER_MILLION + all);
  return splitInProportion(tax, amounts).map((share) => splitInProportion(share, ppm));
}
