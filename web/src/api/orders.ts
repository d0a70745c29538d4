import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, type QueryOf, type ResponseOf, unwrap } from './client.ts';
import { keepNewest } from './newest-version.ts';

export type Order = ResponseOf<'getOrder'>;
export type OrderStatus = Order['status'];
export type Parcel = ResponseOf<'listFulfilments'>['items'][number];
export type Refund = ResponseOf<'listRefunds'>['items'][number];
export type TimelineEntry = ResponseOf<'getOrderEvents'>['items'][number];

const meta = { part: 'orders' } as const;

/** The reader's own orders, the newest first. */
export const purchasesQuery = infiniteQueryOptions({
  queryKey: ['orders', 'purchases'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET('/api/v1/orders', {
        params: { query: { view: 'purchases', limit: 12, ...(pageParam !== undefined && { cursor: pageParam }) } },
        signal,
      }),
    ),
  getNextPageParam: (last) => last.nextCursor ?? undefined,
  meta,
});

export function orderQuery(id: string) {
  return queryOptions({
    queryKey: ['orders', 'order', id],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/orders/{id}', { params: { path: { id } }, signal })),
    structuralSharing: keepNewest,
    meta,
  });
}

/** Below the key of the order, so that each event of the order has them fetched again. */
export function parcelsQuery(id: string) {
  return queryOptions({
    queryKey: ['orders', 'order', id, 'parcels'],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/orders/{id}/fulfilments', { params: { path: { id } }, signal })),
    meta,
  });
}

export function refundsQuery(id: string) {
  return queryOptions({
    queryKey: ['orders', 'order', id, 'refunds'],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/orders/{id}/refunds', { params: { path: { id } }, signal })),
    meta,
  });
}

export const cancelOrder = (id: string): Promise<Order> =>
  unwrap(api.POST('/api/v1/orders/{id}/cancel', { params: { path: { id } } }));

/** The name of an order within a sentence. */
export const orderName = ({ number }: Pick<Order, 'number'>): string => `order ${number}`;

/** The name of an order as a heading or a link. */
export const orderTitle = ({ number }: Pick<Order, 'number'>): string => `Order ${number}`;

/** The order with a number as people type it (`t 1002 3456`), among those that the reader sees in `view`. */
export async function findOrder(view: NonNullable<QueryOf<'listOrders'>['view']>, number: string) {
  const { items } = await unwrap(api.GET('/api/v1/orders', { params: { query: { view, number, limit: 1 } } }));
  return items[0];
}

/** What a shopper would call the state of an order, and how good the news is. */
export const statusWords: Record<OrderStatus, { text: string; tone: 'info' | 'good' | 'warn' | 'bad' | 'plain' }> = {
  pending: { text: 'Placed', tone: 'info' },
  reserved: { text: 'Stock reserved', tone: 'info' },
  confirmed: { text: 'Confirmed', tone: 'good' },
  fulfilled: { text: 'On its way', tone: 'good' },
  delivered: { text: 'Delivered', tone: 'good' },
  rejected: { text: 'Not available', tone: 'bad' },
  cancelled: { text: 'Cancelled', tone: 'warn' },
  refunded: { text: 'Refunded', tone: 'plain' },
};
