import type { FieldError } from '@tradepost/contracts/problem';
import { type PromotionCircumstances, whyNotApplicable } from './applicable.ts';
import { applyPromotions, type DiscountedPrices, type ShippingWish } from './apply-promotions.ts';
import type { PricingRules, Promotion } from './rules.ts';

/** A code as it was entered, with the promotion that has it, if any. */
export type Coupon = { code: string; promotion: Promotion | null };

export type PromotionChoice = { ok: true; prices: DiscountedPrices } | { ok: false; errors: FieldError[] };

/**
 * Chooses the promotions that make the order cheapest: all that may be combined together, one that may not be by itself, or
 * none where shipping would cost more than they take off. Of
 * equally cheap sets the one with more of the coupons wins. A coupon that was entered and is not among them is an error, so that nobody pays more than
 * they expect.
 */
export function choosePromotions(
  rules: PricingRules,
  coupons: readonly Coupon[],
  circumstances: PromotionCircumstances,
  wish: ShippingWish,
): PromotionChoice {
  const errors = couponErrors(coupons, circumstances);
  if (errors.length > 0) return { ok: false, errors };
  const automatic = rules.automaticPromotions.filter((one) => whyNotApplicable(one, circumstances) === null);
  const candidates = [...automatic, ...coupons.flatMap(({ promotion }) => promotion ?? [])];
  const sets = [
    candidates.filter(({ combinable }) => combinable),
    ...candidates.filter(({ combinable }) => !combinable).map((one) => [one]),
    [],
  ];
  const priced = sets.map((set) => applyPromotions(set, circumstances.lines, rules.shippingMethods, wish));
  const entered = new Set(coupons.map(({ promotion }) => promotion));
  const couponsIn = ({ promotions }: DiscountedPrices) => promotions.filter((one) => entered.has(one)).length;
  const best = priced.reduce((a, b) =>
    b.payable < a.payable || (b.payable === a.payable && couponsIn(b) > couponsIn(a)) ? b : a,
  );
  const unused = coupons.flatMap(({ code, promotion }, index) =>
    promotion && best.promotions.includes(promotion)
      ? []
      : [
          couponError(
            index,
            code,
            'the order is cheaper without it: it cannot be combined with its other promotions, or shipping would cost more',
          ),
        ],
  );
  return unused.length > 0 ? { ok: false, errors: unused } : { ok: true, prices: best };
}

function couponErrors(coupons: readonly Coupon[], circumstances: PromotionCircumstances): FieldError[] {
  const seen = new Set<string>();
  return coupons.flatMap(({ code, promotion }, index) => {
    if (!promotion) return [couponError(index, code, 'there is no such code')];
    if (seen.has(promotion.id)) return [couponError(index, code, 'it is named twice')];
    seen.add(promotion.id);
    const reason = whyNotApplicable(promotion, circumstances);
    return reason === null ? [] : [couponError(index, code, reason)];
  });
}

const couponError = (index: number, code: string, reason: string): FieldError => ({
  field: `/couponCodes/${index}`,
  message: `${code}: ${reason}`,
});
