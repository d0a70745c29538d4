import { ProblemError } from '@tradepost/contracts/problem-error';
import { describe, expect, it } from 'vitest';
import { changeProduct, newProduct, type ProductChange } from './change.ts';
import type { Product } from './product.ts';

const created = new Date('2026-01-01T00:00:00Z');
const later = new Date('2026-02-01T00:00:00Z');
const price = (amount: number, currency = 'EUR') => ({ amount, currency });

const { product: mug } = newProduct(
  {
    title: ' Mug ',
    description: 'Blue',
    variants: [
      { sku: 'A', price: price(100), stock: 3 },
      { sku: 'B', price: price(200) },
    ],
  },
  { id: 'id', slug: 'mug', sellerId: 'seller', now: created },
);

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (err) {
    return err instanceof ProblemError ? err.code : String(err);
  }
}
const change = (product: Product, input: ProductChange) => changeProduct(product, input, later).product;

describe('a new product', () => {
  it('begins at version 1, with its variants in order', () => {
    expect(mug).toMatchObject({ title: 'Mug', version: 1, currency: 'EUR', status: 'active', categories: [] });
    expect(mug.variants.map(({ sku, position, priceVersion }) => [sku, position, priceVersion])).toEqual([
      ['A', 1, 1],
      ['B', 2, 1],
    ]);
  });
});

describe('a change', () => {
  it('that changes nothing gives the same product back', () => {
    expect(change(mug, {})).toBe(mug);
    expect(change(mug, { title: 'Mug', variants: [{ sku: 'A', price: price(100), attributes: {} }] })).toBe(mug);
    expect(change(mug, { taxClass: 'standard', digital: false })).toBe(mug);
  });

  it('raises the version by one, and the version of a price with the price only', () => {
    const next = change(mug, {
      title: 'Cup',
      variants: [
        { sku: 'A', price: price(150) },
        { sku: 'B', title: 'Big' },
      ],
    });
    expect(next).toMatchObject({ title: 'Cup', description: 'Blue', version: 2, createdAt: created, updatedAt: later });
    expect(next.variants).toMatchObject([
      { amount: 150, priceVersion: 2 },
      { title: 'Big', amount: 200, priceVersion: 1 },
    ]);
  });

  it('adds variants at the end, with their first stock', () => {
    const { product, added } = changeProduct(mug, { variants: [{ sku: 'C', price: price(1), stock: 9 }] }, later);
    expect(product.variants.at(-1)).toMatchObject({ sku: 'C', position: 3, priceVersion: 1, status: 'active' });
    expect(added).toEqual([{ sku: 'C', stock: 9 }]);
  });

  it('is refused where it makes no sense', () => {
    expect(codeOf(() => change(mug, { variants: [{ sku: 'A', stock: 1 }] }))).toBe('unprocessable');
    expect(codeOf(() => change(mug, { variants: [{ sku: 'C' }] }))).toBe('unprocessable');
    expect(codeOf(() => change(mug, { variants: [{ sku: 'A' }, { sku: 'A' }] }))).toBe('duplicate_sku');
    expect(codeOf(() => change(mug, { variants: [{ sku: 'A', price: price(1, 'USD') }] }))).toBe('mixed_currencies');
    const none = { variants: ['A', 'B'].map((sku) => ({ sku, status: 'archived' as const })) };
    expect(codeOf(() => change(mug, none))).toBe('unprocessable');
    const many = { variants: Array.from({ length: 99 }, (_, n) => ({ sku: `N${n}`, price: price(1) })) };
    expect(codeOf(() => change(mug, many))).toBe('unprocessable');
  });

  it('leaves an archived product alone, unless it brings it back', () => {
    const archived = change(mug, { status: 'archived' });
    expect(archived).toMatchObject({ status: 'archived', version: 2 });
    expect(change(archived, { status: 'archived' })).toBe(archived);
    expect(codeOf(() => change(archived, { title: 'Cup' }))).toBe('product_archived');
    expect(change(archived, { status: 'active', title: 'Cup' })).toMatchObject({
      status: 'active',
      title: 'Cup',
      version: 3,
    });
  });
});
