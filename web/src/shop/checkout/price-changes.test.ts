import { expect, test } from 'vitest';
import type { Adjustment, Quote } from '../../api/quotes.ts';
import { priceChanges } from './price-changes.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });

function quote(price: number, adjustments: [Adjustment['type'], string, number, included?: boolean][]): Quote {
  const none = { discount: eur(0), taxExemption: eur(0), tax: eur(0), total: eur(price) };
  return {
    lines: [{ sku: 'MUG', title: 'Mug', quantity: 1, unitPrice: eur(price), ...none }],
    shippingMethods: [],
    adjustments: adjustments.map(([type, reason, amount, included = false]) => ({
      ...{ type, sourceId: reason, reason, basis: eur(price), amount: eur(amount), included },
    })),
    ...{ subtotal: eur(price), shipping: eur(0), taxIncluded: true },
    ...none,
  };
}

test('a price, a promotion that has ended, one that is new, and shipping at another price are listed', () => {
  const before = quote(1000, [
    ['promotion', 'Spring', -100],
    ['shipping', 'Standard', 490],
    ['tax', 'VAT 19 %', 160, true],
  ]);
  const now = quote(1200, [
    ['promotion', 'Summer', -50],
    ['shipping', 'Standard', 0],
    ['tax', 'VAT 19 %', 192, true],
  ]);
  expect(priceChanges(before, now)).toEqual([
    'Mug costs €12.00 now; it was €10.00.',
    'Spring: no longer applies.',
    'Summer: −€0.50 is new.',
    'Shipping: Standard: Free now; it was €4.90.',
  ]);
});

test('what is the same is not listed', () => {
  const same = quote(1000, [['shipping', 'Standard', 490]]);
  expect(priceChanges(same, same)).toEqual([]);
});
