import { MAX_AMOUNT } from '@tradepost/contracts/money';
import type { FieldError, ProblemCode } from '@tradepost/contracts/problem';
import { type Adjustment, sumOf } from './adjustment.ts';
import type { DiscountedPrices } from './apply-promotions.ts';
import { type Coupon, choosePromotions } from './choose-promotions.ts';
import type { PricingLine } from './pricing-line.ts';
import type { PricingRules, Promotion } from './rules.ts';
import { isShipped, type ShippingOption } from './shipping.ts';
import { type TaxDestination, taxAdjustments } from './taxes.ts';

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
  at: Date;
};

/** What one line costs, in minor units. */
export type LinePricing = {
  sku: string;
  /** Taken off by promotions. */
  discount: number;
  /** Tax of the line, included in its total either way. */
  tax: number;
  /** To pay for the line: its prices, less the discount, and tax where prices do not include it. */
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

/** Calculates what lines cost at a destination, with shipping, promotions and taxes, or says which field prevents it. */
export function calculatePricing(request: PricingRequest, rules: PricingRules): PricingOutcome {
  const { lines, currency, destination, shippingMethodId: methodId } = request;
  const wish = { country: destination?.country ?? null, currency, methodId };
  const choice = choosePromotions(rules, request.coupons, request, wish);
  if (!choice.ok) return refused('coupon_not_valid', choice.errors);
  const problem = shippingProblem(request, rules, choice.prices);
  if (problem) return problem;
  const taxes = destination
    ? taxAdjustments(rules, taxedAmounts(rules, lines, choice.prices), destination, request.at)
    : [];
  const pricing = assemble(request, rules, choice.prices, taxes);
  if (pricing.total <= MAX_AMOUNT) return { ok: true, pricing };
  const message = `The total of ${pricing.total} is above the largest order, ${MAX_AMOUNT} minor units`;
  return refused('amount_too_large', [{ field: '/lines', message }]);
}

function taxedAmounts(
  rules: PricingRules,
  lines: readonly PricingLine[],
  { left, chosen, shipping }: DiscountedPrices,
) {
  const ofLines = lines.map(({ sku, taxClass }, i) => ({ sku, taxClass, amount: left[i] ?? 0 }));
  return chosen ? [...ofLines, { sku: null, taxClass: rules.shippingTaxClass, amount: shipping }] : ofLines;
}

/** A shop without shipping methods sends everything everywhere for nothing. */
function shippingProblem(
  { lines, currency, destination, shippingMethodId }: PricingRequest,
  { shippingMethods }: PricingRules,
  { options, chosen }: DiscountedPrices,
): PricingOutcome | null {
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

function refused(code: ProblemCode, errors: FieldError[]): PricingOutcome {
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
    return { sku, discount: price - (left[i] ?? 0), tax: taxIn(own), total: price + sumOf(own) };
  });
  const ofShipping = bySku.get(null) ?? [];
  const discount = -ofShipping.reduce((sum, { type, amount }) => (type === 'promotion' ? sum + amount : sum), 0);
  const shipping = chosen
    ? { method: chosen.method, price: chosen.price, discount, tax: taxIn(ofShipping), total: sumOf(ofShipping) }
    : null;
  return {
    ...{ currency, taxIncluded, lines: linePricing, shippingOptions: options, shipping, adjustments: all, promotions },
    total: linePricing.reduce((sum, line) => sum + line.total, 0) + (shipping?.total ?? 0),
  };
}

const taxIn = (adjustments: readonly Adjustment[]): number =>
  adjustments.reduce((sum, { type, amount }) => (type === 'tax' ? sum + amount : sum), 0);
