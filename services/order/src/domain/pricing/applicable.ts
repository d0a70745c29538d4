import { decimalAmount } from '@tradepost/contracts/currencies';
import { isEligible } from './discounts.ts';
import type { PricingLine } from './pricing-line.ts';
import type { Promotion } from './rules.ts';

/** What conditions of promotions look at. */
export type PromotionCircumstances = {
  lines: readonly PricingLine[];
  currency: string;
  at: Date;
  /** Whether the customer has an order that is paid, or that may still be. */
  hasOrdered: boolean;
  /** How often the customer has used promotions that are limited for each, by their ids. */
  usesByCustomer: ReadonlyMap<string, number>;
};

/** Why a promotion does not apply, in words for the customer; null where it does. */
export function whyNotApplicable(promotion: Promotion, circumstances: PromotionCircumstances): string | null {
  return (
    whyNotNow(promotion, circumstances.at) ??
    whyUsed(promotion, circumstances) ??
    whyNotForThis(promotion, circumstances)
  );
}

function whyNotNow({ active, startsAt, endsAt }: Promotion, at: Date): string | null {
  if (!active || (endsAt !== null && endsAt <= at)) return 'it is no longer valid';
  if (startsAt !== null && at < startsAt) return `it is valid from ${startsAt.toISOString()} on`;
  return null;
}

function whyUsed(promotion: Promotion, { hasOrdered, usesByCustomer }: PromotionCircumstances): string | null {
  const { id, limitTotal, limitPerCustomer, used, firstOrder } = promotion;
  if (firstOrder && hasOrdered) return 'it is for a first order only';
  if (limitTotal !== null && used >= limitTotal) return 'it has been used as often as it may be';
  const limit = customerLimitOf({ limitPerCustomer, firstOrder });
  if (limit !== null && (usesByCustomer.get(id) ?? 0) >= limit) return 'you have used it as often as you may';
  return null;
}

function whyNotForThis(promotion: Promotion, { lines, currency }: PromotionCircumstances): string | null {
  const { benefit, minimum } = promotion;
  if (benefit.type === 'amount' && benefit.currency !== currency) return `it is for orders in ${benefit.currency}`;
  if (minimum && minimum.currency !== currency) return `it is for orders in ${minimum.currency}`;
  const eligible = lines.filter((line) => isEligible(promotion, line));
  if (eligible.length === 0) return 'none of these products is part of it';
  const worth = eligible.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
  if (minimum && worth < minimum.amount) {
    const text = (amount: number) => `${decimalAmount({ amount, currency })} ${currency}`;
    return `the products that it is for must cost at least ${text(minimum.amount)}, these cost ${text(worth)}`;
  }
  if (benefit.type === 'free_shipping' && lines.every((line) => line.digital)) return 'nothing of this is sent';
  return null;
}

/** How often one customer may use it: a promotion for first orders is used once, also by two orders at the same moment. */
export const customerLimitOf = ({
  limitPerCustomer,
  firstOrder,
}: Pick<Promotion, 'limitPerCustomer' | 'firstOrder'>): number | null => (firstOrder ? 1 : limitPerCustomer);

/** Whether uses of it are counted. */
export const isLimited = (promotion: Promotion): boolean =>
  promotion.limitTotal !== null || customerLimitOf(promotion) !== null;
