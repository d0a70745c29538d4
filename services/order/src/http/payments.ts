import { Money } from '@tradepost/contracts/money';
import { Time } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { optionalIdentity, requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { captureOrder } from '../actions/capture-order.ts';
import { actorFor } from '../actions/guests.ts';
import { checkPayment, type PayContext, payOrder } from '../actions/pay-order.ts';
import { readLedger, visibleOrder } from '../actions/read-orders.ts';
import { waitUntilSettled } from '../actions/wait-for-order.ts';
import { waitSeconds } from './headers.ts';
import * as requests from './request-schemas.ts';
import * as responses from './response-schemas.ts';
import { orderView } from './serializers.ts';

const tags = ['payments'];

const LedgerEntry = Type.Object({
  type: Type.String({ examples: ['capture', 'refund_booked', 'refund_made', 'fee'] }),
  debit: Type.String({ description: 'The account that gets the amount', examples: ['provider_balance'] }),
  credit: Type.String({ description: 'The account that the amount is taken from', examples: ['customer_payments'] }),
  amount: Money,
  source: Type.String({ description: 'The try to pay, the refund or the message that it comes from' }),
  at: Time,
});

/** Paying an order again, asking how a payment stands, taking money that was authorised, and the ledger. */
export function paymentRoutes(app: App, ctx: PayContext): void {
  payOrderRoute(app, ctx);
  checkPaymentRoute(app, ctx);
  captureOrderRoute(app, ctx);
  ledgerRoute(app, ctx);
}

function payOrderRoute(app: App, ctx: PayContext): void {
  app.post(
    '/api/v1/orders/:id/payments',
    {
      config: { operatorPermission: 'orders:write', idempotent: true, auth: 'optional' },
      schema: {
        operationId: 'payOrder',
        summary: 'Pay an order by another means',
        description:
          'For an order that is `awaiting_payment`: its stock is reserved until the deadline. A payment that is still open is called off ' +
          'first, so that nothing is paid twice. An order that is being paid, or was paid, is answered as it is.',
        tags,
        params: requests.ById,
        querystring: requests.WithToken,
        headers: requests.Waiting,
        body: requests.Payment,
        response: {
          200: responses.Order,
          ...problemResponses(
            ...(['not_found', 'forbidden', 'unauthenticated', 'order_not_payable'] as const),
            ...(['unknown_payment_provider', 'payment_token_refused', 'unavailable'] as const),
          ),
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const actor = await actorFor(ctx, optionalIdentity(request), { id, token: request.query.token });
      const order = await payOrder(ctx, actor, id, request.body);
      const latest = await waitUntilSettled(ctx, order, waitSeconds(request.headers.prefer));
      return orderView(await visibleOrder(ctx.pool, actor, latest));
    },
  );
}

function checkPaymentRoute(app: App, ctx: PayContext): void {
  app.post(
    '/api/v1/orders/:id/payments/check',
    {
      config: { operatorPermission: 'orders:write', idempotent: true, auth: 'optional' },
      schema: {
        operationId: 'checkPayment',
        summary: 'Ask the provider how a payment stands',
        description: 'When the customer has come back from the page of the provider. Its messages usually tell sooner.',
        tags,
        params: requests.ById,
        querystring: requests.WithToken,
        headers: requests.Waiting,
        response: {
          200: responses.Order,
          ...problemResponses('not_found', 'forbidden', 'unauthenticated', 'unavailable'),
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const actor = await actorFor(ctx, optionalIdentity(request), { id, token: request.query.token });
      const order = await checkPayment(ctx, actor, id);
      const latest = await waitUntilSettled(ctx, order, waitSeconds(request.headers.prefer));
      return orderView(await visibleOrder(ctx.pool, actor, latest));
    },
  );
}

function captureOrderRoute(app: App, ctx: PayContext): void {
  app.post(
    '/api/v1/orders/:id/captures',
    {
      config: { operatorPermission: 'payments:write', idempotent: true },
      schema: {
        operationId: 'captureOrder',
        summary: 'Take the money of an order that was authorised, or record that it has come',
        description:
          'For operators. All of it is taken; the provider is asked behind the request, which `Prefer: wait=N` waits for. For an order that ' +
          'is paid by a transfer, on invoice or on delivery it says that the money has come. Doing so again changes nothing.',
        tags,
        params: requests.ById,
        headers: requests.Waiting,
        response: { 200: responses.Order, ...problemResponses('not_found', 'forbidden', 'order_not_capturable') },
      },
    },
    async (request) => {
      const actor = requireIdentity(request);
      const order = await captureOrder(ctx, actor, request.params.id);
      const latest = await waitUntilSettled(ctx, order, waitSeconds(request.headers.prefer));
      return orderView(await visibleOrder(ctx.pool, actor, latest));
    },
  );
}

function ledgerRoute(app: App, ctx: PayContext): void {
  app.get(
    '/api/v1/orders/:id/ledger',
    {
      config: { permission: 'payments:read' },
      schema: {
        operationId: 'getOrderLedger',
        summary: 'The ledger of an order: every movement of its money, in double entry',
        description: 'For operators.',
        tags,
        params: requests.ById,
        response: {
          200: Type.Object({ items: Type.Array(LedgerEntry) }),
          ...problemResponses('not_found', 'forbidden'),
        },
      },
    },
    async (request) => {
      const entries = await readLedger(ctx.pool, request.params.id);
      return {
        items: entries.map(({ type, debit, credit, amount, currency, source, at }) => ({
          ...{ type, debit, credit, amount: { amount, currency } },
          ...{ source, at: at.toISOString() },
        })),
      };
    },
  );
}
