import { proportionRounded, splitInProportion } from '../proportion.ts';
import type { Adjustment } from './adjustment.ts';
import { type Amounts, type PricingLine, sumAmounts } from './pricing-line.ts';
import { PARTS_PER_MILLION, type Promotion, type PromotionBenefit } from './rules.ts';

/** In this order promotions are applied; each takes its share of what those before it have left. */
const order: readonly PromotionBenefit['type'][] = ['buy_x_get_y', 'percent', 'amount', 'free_shipping'];

/** Promotions in the order in which they are applied; those of one type by their ids, so the oldest first. */
export const inOrderOfUse = (promotions: readonly Promotion[]): Promotion[] =>
  promotions.toSorted(
    (a, b) => order.indexOf(a.benefit.type) - order.indexOf(b.benefit.type) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );

/** Whether the promotion is for a line. */
export const isEligible = ({ productIds, categories }: Promotion, line: PricingLine): boolean =>
  (productIds.length === 0 && categories.length === 0) ||
  productIds.includes(line.productId) ||
  categories.some((category) => line.categories.includes(category));

/** What a promotion takes off each line, given what is left to pay of them. Never more than that. */
export function discountsOf(promotion: Promotion, lines: readonly PricingLine[], left: Amounts): number[] {
  const { benefit } = promotion;
  const weights = lines.map((line, i) => (isEligible(promotion, line) ? (left[i] ?? 0) : 0));
  const eligible = sumAmounts(weights);
  if (eligible === 0) return lines.map(() => 0);
  switch (benefit.type) {
    case 'percent':
      return splitInProportion(proportionRounded(eligible, benefit.ratePpm, PARTS_PER_MILLION), weights);
    case 'amount':
      return splitInProportion(Math.min(benefit.amount, eligible), weights);
    case 'buy_x_get_y':
      return cheapestUnits(promotion, benefit, lines).map((discount, i) => Math.min(discount, left[i] ?? 0));
    case 'free_shipping':
      return lines.map(() => 0);
  }
}

/** The share of the rate of the cheapest units, as many as go with the units that are there. */
function cheapestUnits(
  promotion: Promotion,
  { buy, get, ratePpm }: PromotionBenefit & { type: 'buy_x_get_y' },
  lines: readonly PricingLine[],
): number[] {
  const eligible = lines.map((line, i) => ({ line, i })).filter(({ line }) => isEligible(promotion, line));
  const units = eligible.reduce((sum, { line }) => sum + line.quantity, 0);
  let cheaper = Math.floor(units / (buy + get)) * get;
  const discounts = lines.map(() => 0);
  for (const { line, i } of eligible.toSorted((a, b) => a.line.unitPrice - b.line.unitPrice)) {
    const quantity = Math.min(cheaper, line.quantity);
    discounts[i] = proportionRounded(line.unitPrice * quantity, ratePpm, PARTS_PER_MILLION);
    cheaper -= quantity;
  }
  return discounts;
}

/** The adjustments of one promotion: one for each line that it takes something off. */
export function discountAdjustments(
  promotion: Promotion,
  lines: readonly PricingLine[],
  { left, discounts }: { left: Amounts; discounts: Amounts },
): Adjustment[] {
  return lines.flatMap((line, i): Adjustment[] => {
    const discount = discounts[i] ?? 0;
    return discount === 0 ? [] : [discountAdjustment(promotion, line.sku, left[i] ?? 0, discount)];
  });
}

/** What a promotion takes off one line, or off shipping (`sku` is null). */
export const discountAdjustment = (
  { id, name, benefit }: Promotion,
  sku: string | null,
  basis: number,
  discount: number,
): Adjustment => ({
  type: 'promotion',
  sku,
  sourceId: id,
  reason: name,
  basis,
  ratePpm: benefit.type === 'percent' ? benefit.ratePpm : null,
  amount: -discount,
  included: false,
});
