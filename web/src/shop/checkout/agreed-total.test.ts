import { expect, test } from 'vitest';
import type { Cart } from '../../api/cart-change.ts';
import { agreedTotal, pricesOf } from './agreed-total.ts';

const cart = (price: number, quantity: number): Cart => ({
  id: 'id',
  lines: [{ sku: 'MUG', quantity, forSale: true, unitPrice: { amount: price, currency: 'EUR' } }],
  total: { amount: price * quantity, currency: 'EUR' },
  updatedAt: '2026-01-01T00:00:00.000Z',
});

test('more of it is agreed to by asking for more', () => {
  expect(agreedTotal(cart(1000, 3), pricesOf(cart(1000, 1)))).toEqual({ amount: 3000, currency: 'EUR' });
});

test('a price that has moved since it was seen is not', () => {
  expect(agreedTotal(cart(1200, 3), pricesOf(cart(1000, 1)))).toEqual({ amount: 3000, currency: 'EUR' });
});

test('what has no total cannot be agreed to', () => {
  expect(agreedTotal({ ...cart(1000, 1), total: null }, new Map())).toBeNull();
});
