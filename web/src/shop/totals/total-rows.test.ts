import { describe, expect, test } from 'vitest';
import type { Adjustment } from '../../api/quotes.ts';
import { amountText, extrasText, totalRows } from './total-rows.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const adjustment = (
  type: Adjustment['type'],
  sourceId: string,
  amount: number,
  more: Partial<Adjustment> = {},
): Adjustment => ({
  ...{ type, sourceId, reason: sourceId, basis: eur(0), amount: eur(amount), included: false },
  ...more,
});

const sums = (adjustments: Adjustment[], total: number) => ({ subtotal: eur(6000), adjustments, total: eur(total) });
const texts = (adjustments: Adjustment[]) =>
  totalRows(sums(adjustments, 0)).map((row) => `${row.label} ${amountText(row)}`);

describe('the rows between the lines and the total', () => {
  test('are left out where the total is the prices of the lines', () => {
    expect(totalRows(sums([], 6000))).toEqual([]);
    expect(extrasText(sums([], 6000))).toBe('');
  });

  test('are one for each promotion, method and tax rate, in this order, for any number of lines', () => {
    const vat = (sku: string | undefined, amount: number) =>
      adjustment('tax', 'VAT 19 %', amount, { ...(sku !== undefined && { sku }), included: true });
    const all = [
      vat('MUG', 400),
      vat(undefined, 78),
      adjustment('shipping', 'Standard', 490),
      adjustment('promotion', 'Spring', -300, { sku: 'MUG' }),
      adjustment('promotion', 'Spring', -200, { sku: 'JUG' }),
    ];
    expect(texts(all)).toEqual([
      'Subtotal €60.00',
      'Spring −€5.00',
      'Shipping: Standard €4.90',
      'VAT 19 %, included €4.78',
    ]);
    expect(extrasText(sums(all, 5990))).toBe('discount −€5.00, shipping €4.90');
  });

  test('say that a tax is not charged, and why; and name each tax of another service', () => {
    const exemption = adjustment('tax_exemption', 'vat', -958, { reason: 'VAT 19 %' });
    expect(texts([adjustment('tax', 'reverse-charge', 0, { reason: 'Reverse charge' }), exemption])).toEqual([
      'Subtotal €60.00',
      'VAT 19 %, not charged −€9.58',
      'Reverse charge €0.00',
    ]);
    const taxes = ['City tax', 'State tax'].map((reason) => adjustment('tax', 'tax-service', 100, { reason }));
    expect(texts(taxes).slice(1)).toEqual(['City tax €1.00', 'State tax €1.00']);
  });

  test('say that shipping is free, and that a tax is added', () => {
    expect(texts([adjustment('shipping', 'Standard', 0), adjustment('tax', 'Sales tax', 480)])).toEqual([
      'Subtotal €60.00',
      'Shipping: Standard Free',
      'Sales tax €4.80',
    ]);
    expect(extrasText(sums([adjustment('shipping', 'Standard', 0)], 6000))).toBe('free shipping');
  });
});
