import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyRequest, anyRules } from '../../../test/pricing-arbitraries.ts';
import { REVERSE_CHARGE, sumOf } from './adjustment.ts';
import { calculatePricing, type Pricing } from './calculate-pricing.ts';
import { totalsOf } from './totals.ts';

const taxOf = ({ adjustments }: Pricing) => totalsOf([], adjustments).tax;

test('who owes the tax pays what everybody pays, less the tax, to the cent and never less than nothing', () => {
  let exempted = 0;
  const property = fc.property(anyRequest, anyRules, (request, rules) => {
    const charged = calculatePricing(request, rules);
    const reversed = calculatePricing({ ...request, reverseCharge: true }, rules);
    expect(reversed.ok).toBe(charged.ok);
    if (!charged.ok || !reversed.ok) return;
    const { pricing } = reversed;
    expect(pricing.total).toBe(charged.pricing.total - taxOf(charged.pricing));
    expect(taxOf(pricing)).toBe(0);
    pricing.lines.forEach((line, i) => {
      const before = charged.pricing.lines[i];
      expect(line.total).toBe((before?.total ?? 0) - (before?.tax ?? 0));
      expect(line.discount).toBe(before?.discount);
    });
    expect(pricing.shipping?.total).toBe(
      charged.pricing.shipping ? charged.pricing.shipping.total - charged.pricing.shipping.tax : undefined,
    );
    if (totalsOf([], pricing.adjustments).taxExemption > 0) exempted++;
  });
  fc.assert(property, { numRuns: 3_000 });
  expect(exempted).toBeGreaterThan(30);
});

test('such an order adds up, and says of every line and of shipping that the tax is 0', () => {
  fc.assert(
    fc.property(anyRequest, anyRules, (request, rules) => {
      const outcome = calculatePricing({ ...request, reverseCharge: true }, rules);
      if (!outcome.ok) return;
      const { lines, shipping, adjustments, total } = outcome.pricing;
      const priced = request.lines.map(({ quantity, unitPrice }) => ({ quantity, unitPrice: { amount: unitPrice } }));
      const sums = totalsOf(priced, adjustments);
      expect(total).toBe(sums.subtotal + sumOf(adjustments));
      expect(total).toBe(sums.subtotal - sums.discount + sums.shipping - sums.taxExemption);
      expect(total).toBe(lines.reduce((sum, line) => sum + line.total, 0) + (shipping?.total ?? 0));
      const amounts = [...lines.flatMap((line) => [line.taxExemption, line.total]), shipping?.total ?? 0];
      expect(amounts.filter((amount) => amount < 0 || !Number.isSafeInteger(amount))).toEqual([]);
      const taxes = adjustments.filter(({ type }) => type === 'tax');
      expect(taxes.every(({ sourceId, ratePpm }) => sourceId === REVERSE_CHARGE && ratePpm === 0)).toBe(true);
      // The basis is what is paid.
      const expected = [...lines.map((line) => line.total), ...(shipping ? [shipping.total] : [])];
      expect(taxes.map(({ basis }) => basis)).toEqual(request.destination ? expected : []);
    }),
    { numRuns: 500 },
  );
});
