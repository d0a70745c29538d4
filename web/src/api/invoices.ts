import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, type QueryOf, type ResponseOf, unwrap } from './client.ts';
import { type OrderRef, orderParams } from './orders.ts';
import { ApiProblem, ShopUnreachable } from './problem.ts';

export type InvoiceSummary = ResponseOf<'listOrderInvoices'>['items'][number];
export type Invoice = ResponseOf<'getOrderInvoice'>;
export type ListedInvoice = ResponseOf<'listInvoices'>['items'][number];
/** Days of issue, both included. */
export type InvoicePeriod = Pick<QueryOf<'listInvoices'>, 'from' | 'to'>;

const meta = { part: 'orders' } as const;

/** The documents of an order. Below the key of the order, so that each event of the order has them fetched again. */
export const invoicesQuery = (order: OrderRef) =>
  queryOptions({
    queryKey: ['orders', 'order', order.id, 'invoices'],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/orders/{id}/invoices', { params: orderParams(order), signal })),
    meta,
  });

/** One document; it never changes. */
export const invoiceQuery = ({ number, ...order }: OrderRef & { number: string }) => {
  const { path, query } = orderParams(order);
  return queryOptions({
    queryKey: ['invoice', order.id, number],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/orders/{id}/invoices/{number}', { params: { path: { ...path, number }, query }, signal }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    meta,
  });
};

/** The page of a document. */
export const invoicePath = (order: OrderRef, number: string): string =>
  `/orders/${order.id}/invoices/${number}${order.token === undefined ? '' : `?${new URLSearchParams({ token: order.token })}`}`;

export const typeText = (type: InvoiceSummary['type']): string => (type === 'invoice' ? 'Invoice' : 'Credit note');

/** All documents of a period, for operators. */
export const allInvoicesQuery = (period: InvoicePeriod) =>
  infiniteQueryOptions({
    queryKey: ['control', 'invoices', period],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...period, limit: 50, ...(pageParam !== undefined && { cursor: pageParam }) };
      return unwrap(api.GET('/api/v1/admin/order/invoices', { params: { query }, signal }));
    },
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 0,
    retry: false as const,
  });

/** The same as a CSV file. */
export async function fetchInvoicesCsv(period: InvoicePeriod): Promise<Blob> {
  const query = new URLSearchParams(Object.entries(period));
  const answer = await fetch(`/api/v1/admin/order/invoices?${query}`, { headers: { accept: 'text/csv' } }).catch(
    (cause: unknown) => {
      throw new ShopUnreachable(cause);
    },
  );
  if (!answer.ok) throw new ApiProblem(answer.status, {});
  return answer.blob();
}
