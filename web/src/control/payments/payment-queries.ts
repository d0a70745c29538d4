import { queryOptions } from '@tanstack/react-query';
import { api, type ResponseOf, unwrap } from '../../api/client.ts';
import type { Order } from '../../api/orders.ts';

export type LedgerEntry = ResponseOf<'getOrderLedger'>['items'][number];
export type Reconciliation = ResponseOf<'getReconciliation'>;
export type PaymentDifference = Reconciliation['differences'][number];

export const ledgerQuery = (orderId: string) =>
  queryOptions({
    queryKey: ['control', 'ledger', orderId],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/orders/{id}/ledger', { params: { path: { id: orderId } }, signal })),
    refetchInterval: 3_000,
    staleTime: 0,
    retry: false,
  });

/** The whole ledger is read for it, so it is not asked for again by itself. */
export const reconciliationQuery = queryOptions({
  queryKey: ['control', 'reconciliation'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/admin/order/reconciliation', { signal })),
  staleTime: 0,
  retry: false,
});

/** Takes the money of an order, or records that it has come; waits for the provider. */
export const captureOrder = (id: string): Promise<Order> =>
  unwrap(api.POST('/api/v1/orders/{id}/captures', { params: { path: { id }, header: { prefer: 'wait=10' } } }));

export const resolveDifference = (id: string): Promise<unknown> =>
  unwrap<unknown>(api.POST('/api/v1/admin/order/payment-differences/{id}/resolve', { params: { path: { id } } }));
