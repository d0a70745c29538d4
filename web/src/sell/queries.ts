import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Answered, answer, api } from '../api/client.ts';
import { keepNewest } from '../api/newest-version.ts';
import type { Order } from '../api/orders.ts';
import type { Account } from '../api/session.ts';

export type Product = Answered<'getProduct'>;
export type Variant = Product['variants'][number];
export type StockChange = Answered<'listStockHistory'>['items'][number];
export type LowStockItem = Answered<'listScarceStock'>['items'][number];
export type Sale = {
  order: Order;
  fulfilments: Answered<'listFulfilments'>['items'];
  refunds: Answered<'listRefunds'>['items'];
};
export type Status = Product['status'];

/** A variant with this many units or fewer is low on stock. */
export const LOW_STOCK = 5;

const catalogue = { part: 'catalogue' } as const;
const orders = { part: 'orders' } as const;

/** An operator's desk shows the products of all sellers; a seller's shows their own. */
const sellerOf = ({ id, role }: Account) => (role === 'admin' ? {} : { sellerId: id });

type Listing = { status: Status; q?: string };

export const productsQuery = (account: Account, { status, q }: Listing) =>
  infiniteQueryOptions({
    queryKey: ['desk', 'products', account.id, status, q ?? ''],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answer(
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
  answer(
    api.GET('/api/v1/products/{idOrSlug}', {
      params: { path: { idOrSlug: id } },
      cache: 'no-store',
      ...(signal && { signal }),
    }),
  );

export const scarceQuery = (atMost: number) =>
  queryOptions({
    queryKey: ['desk', 'scarce', atMost],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/stock', { params: { query: { atMost, limit: 8 } }, signal })),
    staleTime: 0,
    meta: catalogue,
  });

export const stockQuery = (sku: string) =>
  queryOptions({
    queryKey: ['desk', 'stock', sku],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/stock/{sku}', { params: { path: { sku } }, signal })),
    staleTime: 0,
    refetchInterval: 10_000,
    meta: catalogue,
  });

export const holdsQuery = (sku: string) =>
  queryOptions({
    queryKey: ['desk', 'stock', sku, 'holds'],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/stock/{sku}/holds', { params: { path: { sku } }, signal })),
    staleTime: 0,
    refetchInterval: 10_000,
    meta: catalogue,
  });

export const historyQuery = (sku: string) =>
  infiniteQueryOptions({
    queryKey: ['desk', 'stock', sku, 'history'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answer(
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

/** The lists of orders at the desk, and what each asks of the API. */
const salesLists = {
  unsent: { unsent: true },
  sent: { unsent: false },
  delivered: { status: 'delivered' },
  all: {},
} as const;
export type SalesList = keyof typeof salesLists;

/** Orders with lines of the seller's, the newest first. */
export const salesQuery = (account: Account, list: SalesList, limit = 20) =>
  infiniteQueryOptions({
    queryKey: ['desk', 'sales', account.id, list, limit],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/v1/orders', {
          params: {
            query: {
              view: account.role === 'admin' ? 'all' : 'sales',
              limit,
              ...salesLists[list],
              ...(pageParam !== undefined && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 0,
    refetchInterval: 15_000,
    meta: orders,
  });

export const saleQuery = (id: string) =>
  queryOptions({
    queryKey: ['desk', 'sale', id],
    queryFn: async ({ signal }): Promise<Sale> => {
      const params = { path: { id } };
      const [order, fulfilments, refunds] = await Promise.all([
        answer(api.GET('/api/v1/orders/{id}', { params, signal })),
        answer(api.GET('/api/v1/orders/{id}/fulfilments', { params, signal })),
        answer(api.GET('/api/v1/orders/{id}/refunds', { params, signal })),
      ]);
      return { order, fulfilments: fulfilments.items, refunds: refunds.items };
    },
    staleTime: 0,
    refetchInterval: 15_000,
    meta: orders,
  });
