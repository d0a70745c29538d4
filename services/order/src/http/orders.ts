import type { App } from '@tradepost/runtime/app';
import { optionalIdentity, requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { scopeOf } from '../actions/access.ts';
import { cancelOrder } from '../actions/cancel-order.ts';
import { actorFor, buyerOf, claimOrder, tokenOf } from '../actions/guests.ts';
import { placeOrder } from '../actions/place-order.ts';
import type { PlacementContext } from '../actions/placement-context.ts';
import { findOrder, visibleOrder } from '../actions/read-orders.ts';
import { waitUntilSettled } from '../actions/wait-for-order.ts';
import { idempotencyKey, waitSeconds } from './headers.ts';
import { invoiceRoutes } from './invoices.ts';
import { listOrdersRoute } from './list-orders.ts';
import * as requests from './request-schemas.ts';
import * as responses from './response-schemas.ts';
import { orderView, placedOrderView } from './serializers.ts';

const tags = ['orders'];

/** Placing, reading and cancelling orders, and their documents. */
export function orderRoutes(app: App, ctx: PlacementContext): void {
  placeOrderRoute(app, ctx);
  listOrdersRoute(app, ctx);
  getOrderRoute(app, ctx);
  cancelOrderRoute(app, ctx);
  claimOrderRoute(app, ctx);
  invoiceRoutes(app, ctx);
}

function placeOrderRoute(app: App, ctx: PlacementContext): void {
  app.post(
    '/api/v1/orders',
    {
      config: { idempotent: 'key', auth: 'optional' },
      bodyLimit: requests.ORDER_BODY_LIMIT,
      schema: {
        operationId: 'placeOrder',
        summary: 'Place an order',
        description:
          'Priced from what is known of the catalogue, and accepted at once: stock and payment follow. ' +
          'The same `Idempotency-Key` with the same body gives the same order. Without an account, `email` is required, and the answer ' +
          'has the `token` that opens the order.',
        tags,
        headers: Type.Intersect([requests.IdempotencyKey, requests.Waiting]),
        body: requests.NewOrder,
        response: {
          200: responses.PlacedOrder,
          201: responses.PlacedOrder,
          ...problemResponses(
            'idempotency_key_required',
            'idempotency_key_reused',
            'price_changed',
            'unknown_sku',
            'unavailable',
            'too_many_unsettled_orders',
            ...(['coupon_not_valid', 'vat_id_not_valid', 'confirmation_required', 'unauthenticated'] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const { email, ...wanted } = request.body;
      const buyer = await buyerOf(ctx, optionalIdentity(request), email, request.headers['accept-language']);
      const key = idempotencyKey(request.headers);
      const { order, created } = await placeOrder(ctx, buyer, key, wanted);
      const seconds = waitSeconds(request.headers.prefer);
      const answer = seconds > 0 ? await waitUntilSettled(ctx, order, seconds) : order;
      reply.code(created ? 201 : 200).header('location', `/api/v1/orders/${order.id}`);
      if (seconds > 0) reply.header('preference-applied', `wait=${seconds}`);
      return placedOrderView(answer, await tokenOf(ctx, answer));
    },
  );
}

function getOrderRoute(app: App, ctx: PlacementContext): void {
  app.get(
    '/api/v1/orders/:id',
    {
      config: { operatorPermission: 'orders:read', auth: 'optional' },
      schema: {
        operationId: 'getOrder',
        summary: 'Read an order',
        description: responses.SELLERS_PART,
        tags,
        params: requests.ByIdOrNumber,
        querystring: requests.WithToken,
        headers: requests.Waiting,
        response: { 200: responses.Order, ...problemResponses('not_found') },
      },
    },
    async (request) => {
      const { id } = request.params;
      const actor = await actorFor(ctx, optionalIdentity(request), { id, token: request.query.token });
      const { order } = scopeOf(await findOrder(ctx.pool, id), id, actor);
      const seconds = waitSeconds(request.headers.prefer);
      const latest = seconds === 0 ? order : await waitUntilSettled(ctx, order, seconds);
      return orderView(await visibleOrder(ctx.pool, actor, latest));
    },
  );
}

function cancelOrderRoute(app: App, ctx: PlacementContext): void {
  app.post(
    '/api/v1/orders/:id/cancel',
    {
      config: { operatorPermission: 'refunds:write', idempotent: true, auth: 'optional' },
      schema: {
        operationId: 'cancelOrder',
        summary: 'Cancel an order of which nothing was sent',
        tags,
        params: requests.ById,
        querystring: requests.WithToken,
        headers: requests.Waiting,
        response: { 200: responses.Order, ...problemResponses('not_found', 'forbidden', 'order_not_cancellable') },
      },
    },
    async (request) => {
      const { id } = request.params;
      const actor = await actorFor(ctx, optionalIdentity(request), { id, token: request.query.token });
      const order = await cancelOrder(ctx, actor, id);
      const seconds = waitSeconds(request.headers.prefer);
      const latest = seconds > 0 ? await waitUntilSettled(ctx, order, seconds) : order;
      return orderView(await visibleOrder(ctx.pool, actor, latest));
    },
  );
}

function claimOrderRoute(app: App, ctx: PlacementContext): void {
  app.post(
    '/api/v1/orders/claims',
    {
      config: { idempotent: true },
      schema: {
        operationId: 'claimOrder',
        summary: 'Keep an order that was placed as a guest in your account',
        description: 'The account must have the e-mail address of the order. Doing so again changes nothing.',
        tags,
        body: requests.Claim,
        response: {
          200: responses.Order,
          ...problemResponses('unauthenticated', 'not_found', 'forbidden', 'conflict'),
        },
      },
    },
    async (request) => orderView(await claimOrder(ctx, requireIdentity(request), request.body)),
  );
}
