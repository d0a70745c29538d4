import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactPricing } from '../../../test/exact-pricing.ts';
import { anyRequest, anyRules } from '../../../test/pricing-arbitraries.ts';
import { sumOf } from './adjustment.ts';
import { whyNotApplicable } from './applicable.ts';
import { calculatePricing, type Pricing, type PricingRequest } from './calculate-pricing.ts';
import type { PricingRules } from './rules.ts';
import { totalsOf } from './totals.ts';

/** Calls back for what is priced; what is refused (a coupon that does not apply, an address) is left out. */
function ifPriced(check: (pricing: Pricing, request: PricingRequest, rules: PricingRules) => void) {
  return fc.property(anyRequest, anyRules, (request, rules) => {
    const outcome = calculatePricing(request, rules);
    if (outcome.ok) check(outcome.pricing, request, rules);
  });
}

test('200 carts and more cost what an independent calculation in fractions says', () => {
  let compared = 0;
  const property = ifPriced((pricing, request, rules) => {
    const candidates = [...rules.automaticPromotions, ...request.coupons.flatMap(({ promotion }) => promotion ?? [])];
    const applicable = candidates.filter((one) => whyNotApplicable(one, request) === null);
    const exact = exactPricing(request, rules, applicable);
    const { total, shipping, adjustments } = pricing;
    expect({ total: BigInt(total), tax: BigInt(totalsOf([], adjustments).tax) }).toEqual({
      total: exact.total,
      tax: exact.tax,
    });
    expect(shipping === null).toBe(exact.shipping === null);
    compared++;
  });
  fc.assert(property, { numRuns: 1_000 });
  expect(compared).toBeGreaterThanOrEqual(200);
});

test('every document adds up to the minor unit, and nothing costs less than nothing', () => {
  fc.assert(
    ifPriced(({ lines, shipping, adjustments, total, taxIncluded }, request) => {
      const priced = request.lines.map(({ quantity, unitPrice }) => ({ quantity, unitPrice: { amount: unitPrice } }));
      const sums = totalsOf(priced, adjustments);
      expect(total).toBe(sums.subtotal + sumOf(adjustments));
      expect(total).toBe(sums.subtotal - sums.discount + sums.shipping + (taxIncluded ? 0 : sums.tax));
      expect(total).toBe(lines.reduce((sum, line) => sum + line.total, 0) + (shipping?.total ?? 0));
      const amounts = [total, ...lines.flatMap((line) => [line.discount, line.tax, line.total]), shipping?.total ?? 0];
      expect(amounts.filter((amount) => amount < 0 || !Number.isSafeInteger(amount))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('nobody pays more because of a promotion', () => {
  fc.assert(
    ifPriced((pricing, request, rules) => {
      const plain = calculatePricing({ ...request, coupons: [] }, { ...rules, automaticPromotions: [] });
      const payable = ({ total, adjustments, taxIncluded }: Pricing) =>
        taxIncluded ? total : total - totalsOf([], adjustments).tax;
      if (plain.ok) expect(payable(pricing)).toBeLessThanOrEqual(payable(plain.pricing));
    }),
    { numRuns: 500 },
  );
});
