import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { cachedResponse, cacheResponse } from './catalogue-cache.ts';
import { api, type QueryOf, type ResponseOf, unwrap } from './client.ts';
import { isWorthSuggestions, normalizedPhrase } from './phrase.ts';

export type Product = ResponseOf<'getProduct'>;
export type Variant = Product['variants'][number];
export type ProductPage = ResponseOf<'listProducts'>;
export type ListedProduct = ProductPage['items'][number];
export type Sort = NonNullable<QueryOf<'listProducts'>['sort']>;

/** Which products a list has, and in which order. */
export type Listing = Pick<
  QueryOf<'listProducts'>,
  'q' | 'category' | 'featured' | 'minPrice' | 'maxPrice' | 'currency' | 'inStock' | 'sort' | 'limit' | 'facets'
>;

const meta = { part: 'catalogue' } as const;

/** One product, by its slug or id. */
export function productQuery(idOrSlug: string) {
  const url = `/api/v1/products/${idOrSlug}`;
  return queryOptions({
    queryKey: ['catalogue', 'product', idOrSlug],
    queryFn: ({ signal }) =>
      remembering(url, unwrap(api.GET('/api/v1/products/{idOrSlug}', { params: { path: { idOrSlug } }, signal }))),
    initialData: () => cachedResponse(url)?.data as Product | undefined,
    initialDataUpdatedAt: () => cachedResponse(url)?.at,
    meta,
  });
}

/** A list of products, page by page. */
export function productsQuery(listing: Listing) {
  const url = listUrl(listing);
  return infiniteQueryOptions({
    queryKey: ['catalogue', 'products', listing],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const page = unwrap(
        api.GET('/api/v1/products', {
          params: { query: { ...listing, ...(pageParam !== undefined && { cursor: pageParam }) } },
          signal,
        }),
      );
      return pageParam === undefined ? remembering(url, page) : page;
    },
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    initialData: () => {
      const first = cachedResponse(url)?.data as ProductPage | undefined;
      return first && { pages: [first], pageParams: [undefined] };
    },
    initialDataUpdatedAt: () => cachedResponse(url)?.at,
    meta,
  });
}

export type Suggestions = ResponseOf<'suggestProducts'>;

/**
 * Categories, products and corrected words for what is being typed. The request says nothing of who asks, so that the gateway may share
 * its answer. Suggestions come and go with each letter and nothing depends on them: they are not remembered, and a failure is no outage.
 */
export function suggestionsQuery(typed: string) {
  const q = normalizedPhrase(typed);
  return queryOptions({
    queryKey: ['catalogue', 'suggestions', q],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/products/suggestions', { params: { query: { q } }, signal, credentials: 'omit' })),
    enabled: isWorthSuggestions(q),
    retry: false,
    refetchInterval: false,
  });
}

/** The categories that operators have put into the navigation, in their order. */
export function navigationQuery() {
  const url = '/api/v1/categories?navigation=true';
  return queryOptions({
    queryKey: ['catalogue', 'navigation'],
    queryFn: ({ signal }) =>
      remembering(url, unwrap(api.GET('/api/v1/categories', { params: { query: { navigation: true } }, signal }))),
    initialData: () => cachedResponse(url)?.data as ResponseOf<'listCategories'> | undefined,
    initialDataUpdatedAt: () => cachedResponse(url)?.at,
    staleTime: 300_000,
    meta,
  });
}

async function remembering<T>(url: string, asked: Promise<T>): Promise<T> {
  const data = await asked;
  cacheResponse(url, data);
  return data;
}

/** As the client writes it, so that what the HTML has brought along is found under it. */
function listUrl(listing: Listing): string {
  const query = new URLSearchParams(Object.entries(listing).map(([name, value]) => [name, String(value)]));
  return `/api/v1/products?${query}`;
}
