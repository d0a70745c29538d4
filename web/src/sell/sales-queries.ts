import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, type ResponseOf, unwrap } from '../api/client.ts';
import type { Order } from '../api/orders.ts';
import { may } from '../api/permissions.ts';
import type { Account } from '../api/session.ts';

export type Sale = {
  order: Order;
  fulfilments: ResponseOf<'listFulfilments'>['items'];
  refunds: ResponseOf<'listRefunds'>['items'];
  returns: ResponseOf<'listReturns'>['items'];
};

const orders = { part: 'orders' } as const;

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
      unwrap(
        api.GET('/api/v1/orders', {
          params: {
            query: {
              view: may(account, 'orders:read') ? 'all' : 'sales',
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
      const [order, fulfilments, refunds, returns] = await Promise.all([
        unwrap(api.GET('/api/v1/orders/{id}', { params, signal })),
        unwrap(api.GET('/api/v1/orders/{id}/fulfilments', { params, signal })),
        unwrap(api.GET('/api/v1/orders/{id}/refunds', { params, signal })),
        unwrap(api.GET('/api/v1/orders/{id}/returns', { params, signal })),
      ]);
      return { order, fulfilments: fulfilments.items, refunds: refunds.items, returns: returns.items };
    },
    staleTime: 0,
    refetchInterval: 15_000,
    meta: orders,
  });
