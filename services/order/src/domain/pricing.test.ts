import { MAX_AMOUNT } from '@tradepost/contracts/money';
import { describe, expect, it } from 'vitest';
import { priceLines, type SellableVariant } from './pricing.ts';

const variant = (sku: string, amount: number, over: Partial<SellableVariant> = {}): [string, SellableVariant] => [
  sku,
  {
    sku,
    productId: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11',
    sellerId: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d12',
    title: sku,
    price: { amount, currency: 'EUR' },
    forSale: true,
    sellerSuspended: false,
    priceVersion: 3,
    ...{ taxClass: 'standard', weightGrams: 0, digital: false, categories: [] },
    ...over,
  },
];

const catalogue = new Map([
  variant('MUG', 1250),
  variant('TEA', 399),
  variant('OLD', 100, { forSale: false }),
  variant('USD', 100, { price: { amount: 100, currency: 'USD' } }),
  variant('GOLD', MAX_AMOUNT),
]);

describe('price', () => {
  it('sums lines in whole minor units', () => {
    const priced = priceLines(
      [
        { sku: 'MUG', quantity: 2 },
        { sku: 'TEA', quantity: 3 },
      ],
      catalogue,
    );
    expect(priced).toMatchObject({ ok: true, total: { amount: 3697, currency: 'EUR' } });
  });

  it('names every line that cannot be sold, and why', () => {
    const priced = priceLines(
      [
        { sku: 'NONE', quantity: 1 },
        { sku: 'OLD', quantity: 1 },
        { sku: 'MUG', quantity: 1 },
        { sku: 'MUG', quantity: 1 },
      ],
      catalogue,
    );
    expect(priced).toMatchObject({ ok: false, code: 'unknown_sku' });
    expect(priced.ok ? [] : priced.errors.map((error) => error.field)).toEqual([
      '/lines/0/sku',
      '/lines/1/sku',
      '/lines/3/sku',
    ]);
  });

  it('refuses two currencies in one order, and an amount that is too large', () => {
    const mixed = priceLines(
      [
        { sku: 'MUG', quantity: 1 },
        { sku: 'USD', quantity: 1 },
      ],
      catalogue,
    );
    expect(mixed).toMatchObject({ ok: false, code: 'mixed_currencies' });
    expect(priceLines([{ sku: 'GOLD', quantity: 2 }], catalogue)).toMatchObject({
      ok: false,
      code: 'amount_too_large',
    });
  });
});
