import { isCurrency, parseAmount } from '@tradepost/contracts/currencies';
import type { Listing, Sort } from '../../api/catalogue.ts';

const sorts = ['relevance', 'newest', 'price', '-price', 'title'] as const satisfies readonly Sort[];

/** Products on a page of a list. */
export const PAGE_SIZE = 12;

/**
 * A list as its address has it: `?q=lamp&category=lighting&minPrice=20&currency=EUR&inStock=true&sort=price`. Prices are in whole
 * units there, as people type them; what makes no sense is left out, since anybody may have typed it.
 */
export function listingOf(params: URLSearchParams, fixed: Pick<Listing, 'category'> = {}): Listing {
  const q = params.get('q')?.trim();
  const category = fixed.category ?? params.get('category') ?? undefined;
  const currency = currencyOf(params);
  const minPrice = parseAmount(params.get('minPrice') ?? '', currency);
  const maxPrice = parseAmount(params.get('maxPrice') ?? '', currency);
  const sort = sorts.find((one) => one === params.get('sort'));
  return {
    ...(q && { q: q.slice(0, 200) }),
    ...(category && /^[a-z0-9-]{1,60}$/.test(category) && { category }),
    ...(minPrice !== undefined && { minPrice }),
    ...(maxPrice !== undefined && { maxPrice }),
    // Amounts of several currencies cannot be compared.
    ...((minPrice !== undefined || maxPrice !== undefined) && { currency }),
    ...(params.get('inStock') === 'true' && { inStock: true }),
    // Relevance is for words that were searched for.
    ...(sort && (sort !== 'relevance' || q) && { sort }),
    facets: true,
    limit: PAGE_SIZE,
  };
}

/** How many pages are shown: `?page=3` is the first three, so that a link leads to where one was. */
export function pagesOf(params: URLSearchParams): number {
  const pages = Number(params.get('page'));
  return Number.isInteger(pages) && pages >= 1 && pages <= 50 ? pages : 1;
}

/** The same address with some parameters changed; an empty one is taken out. A changed list begins at its first page. */
export function withParams(params: URLSearchParams, changes: Record<string, string>): URLSearchParams {
  const next = new URLSearchParams(params);
  next.delete('page');
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  return next;
}

/** The filters that narrow the list, in words; its order, what was searched for and a page's own category do not. */
export function filterNames(params: URLSearchParams): string[] {
  const [category, min, max] = ['category', 'minPrice', 'maxPrice'].map((name) => params.get(name));
  return [
    category && `category ${category.replaceAll('-', ' ')}`,
    min && `from ${min}`,
    max && `up to ${max}`,
    params.get('inStock') === 'true' && 'in stock',
  ].filter((name) => typeof name === 'string' && name !== '') as string[];
}

/** The same address without the filters: what was searched for and the order stay. */
export const withoutFilters = (params: URLSearchParams): URLSearchParams =>
  withParams(params, { category: '', minPrice: '', maxPrice: '', currency: '', inStock: '' });

/** The currency that the prices in the address are in. */
export function currencyOf(params: URLSearchParams): string {
  const code = params.get('currency') ?? '';
  return isCurrency(code) ? code : 'EUR';
}
