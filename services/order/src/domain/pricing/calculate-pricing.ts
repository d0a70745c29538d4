import { MAX_AMOUNT } from '@tradepost/contracts/money';
import type { FieldError, ProblemCode } from '@tradepost/contracts/problem';
import { type Adjustment, sumOf } from './adjustment.ts';
import type { DiscountedPrices } from './apply-promotions.ts';
import { type Coupon, choosePromotions } from './choose-promotions.ts';
import type { PricingLine } from './pricing-line.ts';
import { reverseCharged } from './reverse-charge.ts';
import type { PricingRules, Promotion } from './rules.ts';
import { isShipped, type ShippingOption } from './shipping.ts';
import { type TaxDestination, type TaxedAmount, taxAdjustments } from './taxes.ts';

export type PricingRequest = {
  lines: readonly PricingLine[];
  currency: string;
  /** Null while it is not known: nothing is calculated for shipping and taxes then. */
  destination: TaxDestination | null;
  /** The cheapest one where none is named. */
  shippingMethodId?: string | undefined;
  coupons: readonly Coupon[];
  hasOrdered: boolean;
  usesByCustomer: ReadonlyMap<string, number>;
  /** Whether the buyer owes the tax, and not the shop. */
  reverseCharge?: boolean;
  at: Date;
};

/** What one line costs, in minor units. */
export type LinePricing = {
  sku: string;
  /** Taken off by promotions. */
  discount: number;
  /** Tax of the line, included in its total either way. */
  tax: number;
  /** Tax in the prices that is not charged. */
  taxExemption: number;
  /** To pay for the line: its prices, less discount and tax exemption, and tax where prices do not include it. */
  total: number;
};

/** What an order costs: one calculation for quotes, carts and orders. Amounts are minor units of the currency. */
export type Pricing = {
  currency: string;
  taxIncluded: boolean;
  lines: LinePricing[];
  /** The methods to choose from; empty where nothing is sent, or the shop has set up none. */
  shippingOptions: ShippingOption[];
  /** Null where nothing is charged for sending. */
  shipping: { method: ShippingOption['method']; price: number; discount: number; tax: number; total: number } | null;
  /** Every step from the prices of the lines to the total. */
  adjustments: Adjustment[];
  promotions: readonly Promotion[];
  total: number;
};

export type PricingOutcome =
  | { ok: true; pricing: Pricing }
  | { ok: false; code: ProblemCode; detail: string; errors: FieldError[] };

/** An order priced but for its taxes. */
export type UntaxedPricing = {
  request: PricingRequest;
  rules: PricingRules;
  prices: DiscountedPrices;
  /** What is taxed; nothing while the destination is not known. */
  amounts: readonly TaxedAmount[];
};

/** Calculates what lines cost at a destination, with shipping, promotions and taxes by the rates of the shop, or says which field prevents it. */
export function calculatePricing(request: PricingRequest, rules: PricingRules): PricingOutcome {
  const outcome = priceBeforeTax(request, rules);
  return outcome.ok ? addTaxes(outcome.untaxed, taxesByRates(outcome.untaxed)) : outcome;
}

/** The first part of the calculation: everything that taxes follow from. */
export function priceBeforeTax(
  request: PricingRequest,
  rules: PricingRules,
): { ok: true; untaxed: UntaxedPricing } | (PricingOutcome & { ok: false }) {
  const { lines, currency, destination, shippingMethodId: methodId } = request;
  const wish = { country: destination?.country ?? null, currency, methodId };
  const choice = choosePromotions(rules, request.coupons, request, wish);
  if (!choice.ok) return refused('coupon_not_valid', choice.errors);
  const { prices } = choice;
  const problem = shippingProblem(request, rules, prices);
  if (problem) return problem;
  return {
    ok: true,
    untaxed: { request, rules, prices, amounts: destination ? taxedAmounts(rules, lines, prices) : [] },
  };
}

/** The taxes by the rates of the shop. */
export const taxesByRates = ({ request: { destination, at }, rules, amounts }: UntaxedPricing): Adjustment[] =>
  destination ? taxAdjustments(rules, amounts, destination, at) : [];

/** The second part of the calculation: the total, with the taxes of the amounts, whoever has calculated them. */
export function addTaxes(untaxed: UntaxedPricing, taxes: readonly Adjustment[]): PricingOutcome {
  const { request, rules, prices, amounts } = untaxed;
  const pricing = assemble(request, rules, prices, request.reverseCharge ? reverseCharged(amounts, taxes) : taxes);
  if (pricing.total <= MAX_AMOUNT) return { ok: true, pricing };
  const message = `The total of ${pricing.total} is above the largest order, ${MAX_AMOUNT} minor units`;
  return refused('amount_too_large', [{ field: '/lines', message }]);
}

function taxedAmounts(
  rules: PricingRules,
  lines: readonly PricingLine[],
  { left, chosen, shipping }: DiscountedPrices,
): TaxedAmount[] {
  const ofLines = lines.map(({ sku, taxClass }, i) => ({ sku, taxClass, amount: left[i] ?? 0 }));
  return chosen ? [...ofLines, { sku: null, taxClass: rules.shippingTaxClass, amount: shipping }] : ofLines;
}

/** A shop without shipping methods sends everything everywhere for nothing. */
function shippingProblem(
  { lines, currency, destination, shippingMethodId }: PricingRequest,
  { shippingMethods }: PricingRules,
  { options, chosen }: DiscountedPrices,
): (PricingOutcome & { ok: false }) | null {
  if (!destination || shippingMethods.length === 0 || chosen || !isShipped(lines)) return null;
  const { country } = destination;
  if (shippingMethodId && options.length > 0) {
    const offered = options.map(({ method }) => `${method.id} (${method.name})`).join(', ');
    const message = `This method is not offered for the order; offered are: ${offered}`;
    return refused('shipping_method_not_offered', [{ field: '/shippingMethod', message }]);
  }
  if (!shippingMethods.some((method) => method.countries.includes(country))) {
    return refused('not_shippable', [{ field: '/shippingAddress/country', message: `Nothing is sent to ${country}` }]);
  }
  const message = `No shipping method of ${country} takes an order in ${currency} of this weight, value or number of units`;
  return refused('not_shippable', [{ field: '/lines', message }]);
}

function refused(code: ProblemCode, errors: FieldError[]): PricingOutcome & { ok: false } {
  return { ok: false, code, detail: errors.map(({ message }) => message).join('; '), errors };
}

function assemble(
  { lines, currency }: PricingRequest,
  { taxIncluded }: PricingRules,
  { left, options, chosen, adjustments, promotions }: DiscountedPrices,
  taxes: readonly Adjustment[],
): Pricing {
  const all = [...adjustments, ...taxes];
  const bySku = Map.groupBy(all, ({ sku }) => sku);
  const linePricing = lines.map(({ sku, unitPrice, quantity }, i): LinePricing => {
    const price = unitPrice * quantity;
    const own = bySku.get(sku) ?? [];
    const discount = price - (left[i] ?? 0);
    return { sku, discount, tax: amountOf('tax', own), taxExemption: exemptionIn(own), total: price + sumOf(own) };
  });
  const ofShipping = bySku.get(null) ?? [];
  const discount = -amountOf('promotion', ofShipping);
  const shipping = chosen
    ? {
        method: chosen.method,
        price: chosen.price,
        discount,
        tax: amountOf('tax', ofShipping),
        total: sumOf(ofShipping),
      }
    : null;
  return {
    ...{ currency, taxIncluded, lines: linePricing, shippingOptions: options, shipping, adjustments: all, promotions },
    total: linePricing.reduce((sum, line) => sum + line.total, 0) + (shipping?.total ?? 0),
  };
}

const amountOf = (type: Adjustment['type'], adjustments: readonly Adjustment[]): number =>
  adjustments.reduce((sum, one) => (one.type === type ? sum + one.amount : sum), 0);

/** Not −0, which is another value than 0 to some readers. */
const exemptionIn = (adjustments: readonly Adjustment[]): number => 0 - amountOf('tax_exemption', adjustments);
