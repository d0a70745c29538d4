import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, type ResponseOf, unwrap } from '../api/client.ts';
import { keepNewest } from '../api/newest-version.ts';
import { may } from '../api/permissions.ts';
import type { Account } from '../api/session.ts';

export type Product = ResponseOf<'getProduct'>;
export type Variant = Product['variants'][number];
export type StockChange = ResponseOf<'listStockHistory'>['items'][number];
export type LowStockItem = ResponseOf<'listScarceStock'>['items'][number];
export type Status = Product['status'];

/** A variant with this many units or fewer is low on stock. */
export const LOW_STOCK = 5;

const catalogue = { part: 'catalogue' } as const;

/** An operator's desk shows the products of all sellers; a seller's shows their own. */
const sellerOf = (account: Account) => (may(account, 'catalogue:read') ? {} : { sellerId: account.id });

type ListQuery = { status: Status; q?: string };

export const productsQuery = (account: Account, { status, q }: ListQuery) =>
  infiniteQueryOptions({
    queryKey: ['desk', 'products', account.id, status, q ?? ''],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/products', {
          params: {
            query: {
              ...sellerOf(account),
              status,
              limit: 24,
              facets: false,
              ...(q && { q }),
              ...(pageParam !== undefined && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 0,
    meta: catalogue,
  });

export const productQuery = (id: string) =>
  queryOptions({
    queryKey: ['desk', 'product', id],
    queryFn: ({ signal }) => readProduct(id, signal),
    structuralSharing: keepNewest,
    staleTime: 0,
    // The editor begins with the stored product, never with a copy that an earlier visit has left in the cache.
    gcTime: 0,
    refetchOnWindowFocus: false,
    meta: catalogue,
  });

export const readProduct = (id: string, signal?: AbortSignal): Promise<Product> =>
  unwrap(
    api.GET('/api/v1/products/{idOrSlug}', {
      params: { path: { idOrSlug: id } },
      cache: 'no-store',
      ...(signal && { signal }),
    }),
  );

export const lowStockQuery = (atMost: number) =>
  queryOptions({
    queryKey: ['desk', 'lowStock', atMost],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/stock', { params: { query: { atMost, limit: 8 } }, signal })),
    staleTime: 0,
    meta: catalogue,
  });

export const stockQuery = (sku: string) =>
  queryOptions({
    queryKey: ['desk', 'stock', sku],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/stock/{sku}', { params: { path: { sku } }, signal })),
    staleTime: 0,
    refetchInterval: 10_000,
    meta: catalogue,
  });

export const holdsQuery = (sku: string) =>
  queryOptions({
    queryKey: ['desk', 'stock', sku, 'holds'],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/stock/{sku}/holds', { params: { path: { sku } }, signal })),
    staleTime: 0,
    refetchInterval: 10_000,
    meta: catalogue,
  });

export const historyQuery = (sku: string) =>
  infiniteQueryOptions({
    queryKey: ['desk', 'stock', sku, 'history'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/stock/{sku}/history', {
          params: { path: { sku }, query: { limit: 50, ...(pageParam !== undefined && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 0,
    refetchInterval: 10_000,
    meta: catalogue,
  });
