import type { Adjustment } from './adjustment.ts';
import { discountAdjustment, discountAdjustments, discountsOf, inOrderOfUse } from './discounts.ts';
import { type Amounts, type PricingLine, sumAmounts } from './pricing-line.ts';
import type { Promotion, ShippingMethod } from './rules.ts';
import { cheapestOption, type ShippingOption, shippingOptions } from './shipping.ts';

/** What is to be sent, and how. */
export type ShippingWish = {
  /** Null where it is not known yet; then no shipping is calculated. */
  country: string | null;
  currency: string;
  /** The method; the cheapest one where none is named. */
  methodId: string | undefined;
};

/** Lines and shipping after promotions. */
export type DiscountedPrices = {
  promotions: readonly Promotion[];
  /** What is left to pay of each line, without tax that is added. */
  left: Amounts;
  options: ShippingOption[];
  chosen: ShippingOption | undefined;
  /** What is left to pay of shipping, without tax that is added. */
  shipping: number;
  adjustments: Adjustment[];
  /** Minor units to pay, without tax that is added. */
  payable: number;
};

/** Applies promotions to lines, chooses the shipping method for what the goods cost then, and applies those for shipping. */
export function applyPromotions(
  promotions: readonly Promotion[],
  lines: readonly PricingLine[],
  methods: readonly ShippingMethod[],
  wish: ShippingWish,
): DiscountedPrices {
  const ordered = inOrderOfUse(promotions);
  const adjustments: Adjustment[] = [];
  let left: Amounts = lines.map(({ unitPrice, quantity }) => unitPrice * quantity);
  for (const promotion of ordered) {
    const before = left;
    const discounts = discountsOf(promotion, lines, before);
    adjustments.push(...discountAdjustments(promotion, lines, { left: before, discounts }));
    left = before.map((amount, i) => amount - (discounts[i] ?? 0));
  }
  const goods = sumAmounts(left.filter((_, i) => lines[i]?.digital === false));
  const { country, currency } = wish;
  const options = country === null ? [] : shippingOptions(methods, lines, { country, currency, goods });
  const chosen = wish.methodId ? options.find(({ method }) => method.id === wish.methodId) : cheapestOption(options);
  const shipping = chosen ? shippingAdjustments(ordered, options, chosen) : [];
  const shippingLeft = shipping.reduce((sum, { amount }) => sum + amount, 0);
  return {
    ...{ promotions: ordered, left, options, chosen, shipping: shippingLeft },
    adjustments: [...adjustments, ...shipping],
    payable: sumAmounts(left) + shippingLeft,
  };
}

/** The price of the chosen method, and what the first promotion for shipping takes off it. */
function shippingAdjustments(
  promotions: readonly Promotion[],
  options: readonly ShippingOption[],
  { method, price }: ShippingOption,
): Adjustment[] {
  const added: Adjustment = {
    type: 'shipping',
    sku: null,
    sourceId: method.id,
    reason: method.name,
    basis: price,
    ratePpm: null,
    amount: price,
    included: false,
  };
  const free = promotions.find(({ benefit }) => benefit.type === 'free_shipping');
  const discount = free ? Math.min(price, cheapestOption(options)?.price ?? 0) : 0;
  return free && discount > 0 ? [added, discountAdjustment(free, null, price, discount)] : [added];
}
