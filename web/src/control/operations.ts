import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, type QueryOf, type ResponseOf, unwrap } from '../api/client.ts';

export type Traffic = ResponseOf<'getTraffic'>;
export type ServiceTraffic = Traffic['services'][number];
export type Statistics = ResponseOf<'getOrderStatistics'>;
export type Messaging = ResponseOf<'getOrderMessaging'>;
export type DeadLetter = ResponseOf<'listOrderDeadLetters'>['items'][number];
export type AuditEntry = ResponseOf<'listAuditEntries'>['items'][number];
export type AuditFilter = Pick<QueryOf<'listAuditEntries'>, 'accountId' | 'path' | 'from' | 'to'>;

/** The services that have messages of their own; those that also hear some can have dead letters. */
export const messagingServices = ['auth', 'product', 'order', 'notification'] as const;
export type MessagingService = (typeof messagingServices)[number];
export const consumingServices = ['order', 'product', 'notification', 'auth', 'api-gateway'] as const;
export type ConsumingService = (typeof consumingServices)[number];

/** How often what is looked at is asked for anew: a long look back changes slowly, and costs more. */
export const pollMs = (minutes: number): number => (minutes <= 15 ? 5_000 : minutes <= 60 ? 15_000 : 60_000);

// What is here is to be of this moment or not at all: an operator must not take an old figure for a new one.
const live = (everyMs: number) => ({ refetchInterval: everyMs, staleTime: 0, retry: false as const });

export const trafficQuery = (minutes: number) =>
  queryOptions({
    queryKey: ['control', 'traffic', minutes],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/traffic', { params: { query: { minutes } }, signal })),
    ...live(pollMs(minutes)),
  });

export const statisticsQuery = (minutes: number) =>
  queryOptions({
    queryKey: ['control', 'statistics', minutes],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/admin/order/statistics', { params: { query: { minutes } }, signal })),
    ...live(pollMs(minutes)),
  });

export const messagingQuery = (service: MessagingService) =>
  queryOptions({
    queryKey: ['control', 'messaging', service],
    queryFn: ({ signal }): Promise<Messaging> => unwrap(askMessaging(service, signal)),
    ...live(5_000),
  });

function askMessaging(service: MessagingService, signal: AbortSignal) {
  if (service === 'auth') return api.GET('/api/v1/admin/auth/messaging', { signal });
  if (service === 'product') return api.GET('/api/v1/admin/product/messaging', { signal });
  if (service === 'notification') return api.GET('/api/v1/admin/notification/messaging', { signal });
  return api.GET('/api/v1/admin/order/messaging', { signal });
}

export const deadLettersQuery = (service: ConsumingService) =>
  infiniteQueryOptions({
    queryKey: ['control', 'dead-letters', service],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 20, ...(pageParam !== undefined && { cursor: pageParam }) };
      return unwrap(askDeadLetters(service, { params: { query }, signal }));
    },
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 0,
    retry: false,
  });

function askDeadLetters(
  service: ConsumingService,
  question: { params: { query: { limit: number; cursor?: string } }; signal: AbortSignal },
) {
  if (service === 'product') return api.GET('/api/v1/admin/product/dead-letters', question);
  if (service === 'notification') return api.GET('/api/v1/admin/notification/dead-letters', question);
  if (service === 'auth') return api.GET('/api/v1/admin/auth/dead-letters', question);
  if (service === 'api-gateway') return api.GET('/api/v1/admin/api-gateway/dead-letters', question);
  return api.GET('/api/v1/admin/order/dead-letters', question);
}

export function replay(service: ConsumingService, eventId: string) {
  const request = { params: { path: { eventId } } };
  if (service === 'product') return unwrap(api.POST('/api/v1/admin/product/dead-letters/{eventId}/replay', request));
  if (service === 'notification')
    return unwrap(api.POST('/api/v1/admin/notification/dead-letters/{eventId}/replay', request));
  if (service === 'auth') return unwrap(api.POST('/api/v1/admin/auth/dead-letters/{eventId}/replay', request));
  if (service === 'api-gateway')
    return unwrap(api.POST('/api/v1/admin/api-gateway/dead-letters/{eventId}/replay', request));
  return unwrap(api.POST('/api/v1/admin/order/dead-letters/{eventId}/replay', request));
}

export function discard(service: ConsumingService, eventId: string): Promise<unknown> {
  const request = { params: { path: { eventId } } };
  if (service === 'product')
    return unwrap<unknown>(api.DELETE('/api/v1/admin/product/dead-letters/{eventId}', request));
  if (service === 'notification')
    return unwrap<unknown>(api.DELETE('/api/v1/admin/notification/dead-letters/{eventId}', request));
  if (service === 'auth') return unwrap<unknown>(api.DELETE('/api/v1/admin/auth/dead-letters/{eventId}', request));
  if (service === 'api-gateway')
    return unwrap<unknown>(api.DELETE('/api/v1/admin/api-gateway/dead-letters/{eventId}', request));
  return unwrap<unknown>(api.DELETE('/api/v1/admin/order/dead-letters/{eventId}', request));
}

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['control', 'audit', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/audit', {
          params: { query: { ...filter, limit: 50, ...(pageParam !== undefined && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 0,
    retry: false,
  });

/** Everybody's orders, the newest first. */
export const allOrdersQuery = (status: ResponseOf<'getOrder'>['status'] | undefined, limit = 20) =>
  infiniteQueryOptions({
    queryKey: ['control', 'orders', status ?? 'any', limit],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/orders', {
          params: {
            query: {
              view: 'all',
              limit,
              ...(status && { status }),
              ...(pageParam !== undefined && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 0,
    retry: false,
  });
