import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, type QueryOf, type ResponseOf, unwrap } from './client.ts';
import { keepNewest } from './newest-version.ts';

export type Order = ResponseOf<'getOrder'>;
/** An order as it is answered when it is placed: a guest's with the token that opens it. */
export type PlacedOrder = ResponseOf<'checkOut'>;
export type OrderStatus = Order['status'];
export type Parcel = ResponseOf<'listFulfilments'>['items'][number];
export type Refund = ResponseOf<'listRefunds'>['items'][number];
export type Return = ResponseOf<'listReturns'>['items'][number];
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

/** Which order, and for a guest's order the token that opens it without an account. */
export type OrderRef = { id: string; token?: string | undefined };

/** The page of an order. With a guest's token it opens for whoever has its address. */
export const orderPath = ({ id, token }: OrderRef): string =>
  token === undefined ? `/orders/${id}` : `/orders/${id}?${new URLSearchParams({ token })}`;

/** The parameters of every operation on one order. */
export const orderParams = ({ id, token }: OrderRef) => ({
  path: { id },
  query: { ...(token !== undefined && { token }) },
});

/** The token is no part of the key: whoever may read the order reads the same. */
const keyOf = (id: string) => ['orders', 'order', id] as const;

export function orderQuery(order: OrderRef) {
  return queryOptions({
    queryKey: keyOf(order.id),
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/orders/{id}', { params: orderParams(order), signal })),
    structuralSharing: keepNewest,
    meta,
  });
}

/** Below the key of the order, so that each event of the order has them fetched again. */
export function parcelsQuery(order: OrderRef) {
  return queryOptions({
    queryKey: [...keyOf(order.id), 'parcels'],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/orders/{id}/fulfilments', { params: orderParams(order), signal })),
    meta,
  });
}

export function refundsQuery(order: OrderRef) {
  return queryOptions({
    queryKey: [...keyOf(order.id), 'refunds'],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/orders/{id}/refunds', { params: orderParams(order), signal })),
    meta,
  });
}

export function returnsQuery(order: OrderRef) {
  return queryOptions({
    queryKey: [...keyOf(order.id), 'returns'],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/orders/{id}/returns', { params: orderParams(order), signal })),
    meta,
  });
}

export const cancelOrder = (order: OrderRef): Promise<Order> =>
  unwrap(api.POST('/api/v1/orders/{id}/cancel', { params: orderParams(order) }));

/** Makes a guest's order one of the account that is signed in. */
export const claimOrder = ({ id, token }: { id: string; token: string }): Promise<Order> =>
  unwrap(api.POST('/api/v1/orders/claims', { body: { orderId: id, token } }));

/** The name of an order within a sentence. */
export const orderName = ({ number }: Pick<Order, 'number'>): string => `order ${number}`;

/** The name of an order as a heading or a link. */
export const orderTitle = ({ number }: Pick<Order, 'number'>): string => `Order ${number}`;

/** The order with a number as people type it (`t 1002 3456`), among those that the reader sees in `view`. */
export async function findOrder(view: NonNullable<QueryOf<'listOrders'>['view']>, number: string) {
  const { items } = await unwrap(api.GET('/api/v1/orders', { params: { query: { view, number, limit: 1 } } }));
  return items[0];
}

/** No other status follows. Goods may still come back. */
export const hasEnded = ({ status }: Pick<Order, 'status'>): boolean =>
  ['rejected', 'cancelled', 'refunded'].includes(status);

/** What a shopper would call the state of an order, and how good the news is. */
export const statusWords: Record<OrderStatus, { text: string; tone: 'info' | 'good' | 'warn' | 'bad' | 'plain' }> = {
  pending: { text: 'Placed', tone: 'info' },
  reserved: { text: 'Stock reserved', tone: 'info' },
  awaiting_payment: { text: 'Waiting for payment', tone: 'warn' },
  authorized: { text: 'Confirmed', tone: 'good' },
  confirmed: { text: 'Confirmed', tone: 'good' },
  fulfilled: { text: 'On its way', tone: 'good' },
  delivered: { text: 'Delivered', tone: 'good' },
  rejected: { text: 'Not available', tone: 'bad' },
  cancelled: { text: 'Cancelled', tone: 'warn' },
  refunded: { text: 'Refunded', tone: 'plain' },
};
