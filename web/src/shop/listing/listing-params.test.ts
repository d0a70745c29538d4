import { expect, test } from 'vitest';
import { listingOf, pagesOf, withParams } from './listing-params.ts';

const of = (query: string) => listingOf(new URLSearchParams(query));
const plain = { facets: true, limit: 12 };

test('a list is what its address says', () => {
  expect(of('q=lamp&category=lighting&minPrice=20&maxPrice=99,50&inStock=true&sort=-price')).toEqual({
    ...plain,
    q: 'lamp',
    category: 'lighting',
    minPrice: 2000,
    maxPrice: 9950,
    currency: 'EUR',
    inStock: true,
    sort: '-price',
  });
});

test.each([
  '',
  'q=%20',
  'minPrice=x',
  'minPrice=-1',
  'maxPrice=1e99',
  'sort=best',
  'sort=relevance',
  'inStock=1',
  'category=<b>',
])('what makes no sense is left out: %s', (query) => {
  expect(of(query)).toEqual(plain);
});

test.each([
  ['JPY', '2000', 2_000],
  ['HUF', '4990', 499_000],
  ['KWD', '1.234', 1_234],
])('prices in %s have the decimals of that currency', (currency, text, minPrice) => {
  expect(of(`minPrice=${text}&currency=${currency}`)).toEqual({ ...plain, minPrice, currency });
});

test('the category of a page is not the address’s to change', () => {
  expect(listingOf(new URLSearchParams('category=audio'), { category: 'kitchen' })).toEqual({
    ...plain,
    category: 'kitchen',
  });
});

test('pages are counted from the first, and not without end', () => {
  expect(['', 'page=3', 'page=0', 'page=x', 'page=1000'].map((query) => pagesOf(new URLSearchParams(query)))).toEqual([
    1, 3, 1, 1, 1,
  ]);
});

test('a changed list begins at its first page', () => {
  const changed = withParams(new URLSearchParams('q=lamp&page=3&sort=price'), { sort: '', inStock: 'true' });
  expect(changed.toString()).toBe('q=lamp&inStock=true');
});
