import { queryOptions } from '@tanstack/react-query';
import { api, type ResponseOf, unwrap } from '../../api/client.ts';
import { type Order, type OrderRef, orderParams } from '../../api/orders.ts';
import type { Payment } from './payment-means.ts';

/** How long an answer waits for the payment provider, which usually takes less than a second. */
const waits = { prefer: 'wait=10' };

/** Pays an order by another means. */
export const payOrder = (order: OrderRef, { provider, token }: Payment): Promise<Order> =>
  unwrap(
    api.POST('/api/v1/orders/{id}/payments', {
      params: { ...orderParams(order), header: waits },
      body: { provider, token },
    }),
  );

/** Has the provider asked now how the payment stands. */
export const checkPayment = (order: OrderRef): Promise<Order> =>
  unwrap(api.POST('/api/v1/orders/{id}/payments/check', { params: { ...orderParams(order), header: waits } }));

/** Cancels an order, and waits until the payment provider has promised that nothing is taken. */
export const cancelUnpaidOrder = (order: OrderRef): Promise<Order> =>
  unwrap(api.POST('/api/v1/orders/{id}/cancel', { params: { ...orderParams(order), header: waits } }));

export type Challenge = ResponseOf<'getSandboxChallenge'>;

/** What the test bank asks. */
export const challengeQuery = (challenge: string) =>
  queryOptions({
    queryKey: ['sandbox', challenge],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/payments/sandbox/challenges/{challenge}', { params: { path: { challenge } }, signal })),
    staleTime: 0,
    meta: { part: 'orders' },
  });

export const answerChallenge = (challenge: string, approve: boolean): Promise<Challenge> =>
  unwrap(
    api.POST('/api/v1/payments/sandbox/challenges/{challenge}', {
      params: { path: { challenge } },
      body: { approve },
    }),
  );
