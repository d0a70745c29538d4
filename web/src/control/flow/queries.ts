import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../../api/client.ts';
import { hasCode } from '../../api/problem.ts';
import { type Flow, type MessageState, messageIds, type Request, type Reservation } from './steps.ts';

const EVERY_MS = 3_000;
/** The placing of an order is looked for this close to it, on clocks that may differ. */
const AROUND_MS = 60_000;
const live = { refetchInterval: EVERY_MS, staleTime: 0, retry: false as const };

export const flowQuery = (id: string) =>
  queryOptions({
    queryKey: ['control', 'flow', id],
    queryFn: ({ signal }): Promise<Flow> =>
      unwrap(api.GET('/api/v1/admin/order/flows/{id}', { params: { path: { id } }, signal })),
    ...live,
  });

/** Null for an order that `product` has not heard of. */
export const reservationQuery = (orderId: string) =>
  queryOptions({
    queryKey: ['control', 'reservation', orderId],
    queryFn: async ({ signal }): Promise<Reservation | null> => {
      try {
        const path = { orderId };
        return await unwrap(api.GET('/api/v1/admin/product/reservations/{orderId}', { params: { path }, signal }));
      } catch (error) {
        if (hasCode(error, 'not_found')) return null;
        throw error;
      }
    },
    ...live,
  });

export const statesQuery = (service: 'order' | 'product', flow: Flow | undefined) => {
  const id = flow ? messageIds(flow).slice(-100).join(',') : '';
  return queryOptions({
    queryKey: ['control', 'messages', service, id],
    queryFn: async ({ signal }): Promise<MessageState[]> => {
      const query = { id };
      const { items } = await unwrap(
        service === 'order'
          ? api.GET('/api/v1/admin/order/messages', { params: { query }, signal })
          : api.GET('/api/v1/admin/product/messages', { params: { query }, signal }),
      );
      return items;
    },
    enabled: id !== '',
    // While a new message is looked up, what is known of the others stands.
    placeholderData: (before) => before,
    ...live,
  });
};

/** The request that placed the order, found by its trace, and those that named the order in their path. */
export const requestsQuery = (flow: Flow | undefined) => {
  const { order, entries } = flow ?? {};
  return queryOptions({
    queryKey: ['control', 'requests', order?.id, entries?.[0]?.traceId],
    queryFn: async ({ signal }): Promise<Request[]> => {
      if (!order) return [];
      const placedAt = Date.parse(order.createdAt);
      const around = (ms: number) => new Date(placedAt + ms).toISOString();
      const traceId = entries?.[0]?.traceId;
      const { customerId: accountId } = order;
      const placing = traceId &&
        accountId !== undefined && {
          ...{ accountId, traceId, from: around(-AROUND_MS), to: around(AROUND_MS), limit: 5 },
        };
      const asked = [{ path: `/api/v1/orders/${order.id}`, limit: 50 }, ...(placing ? [placing] : [])];
      const pages = await Promise.all(
        asked.map((query) => unwrap(api.GET('/api/v1/audit', { params: { query }, signal }))),
      );
      return [...new Map(pages.flatMap(({ items }) => items).map((one) => [one.id, one])).values()];
    },
    enabled: flow !== undefined,
    ...live,
  });
};
