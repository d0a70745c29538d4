import { OrderStatus } from '@tradepost/contracts/order-status';
import { Id } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { decodeCursor, encodeCursor } from '@tradepost/runtime/cursor';
import { requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { scopeOf } from '../actions/access.ts';
import { cancelOrder } from '../actions/cancel-order.ts';
import { type PlacementContext, placeOrder } from '../actions/place-order.ts';
import { findOrder, type RequestedPart, readOrders, visibleOrder } from '../actions/read-orders.ts';
import { waitUntilSettled } from '../actions/wait-until-settled.ts';
import { idempotencyKey, waitSeconds } from './headers.ts';
import * as schemas from './schemas.ts';
import { orderView } from './serializers.ts';

const tags = ['orders'];

const OrderQuery = Type.Object(
  {
    view: Type.Optional(Type.Union([Type.Literal('purchases'), Type.Literal('sales'), Type.Literal('all')])),
    status: Type.Optional(OrderStatus),
    unsent: Type.Optional(
      Type.Boolean({
        description:
          'True: confirmed orders with units still to send. False: confirmed and fulfilled orders of which units ' +
          'were sent and none are left to send. In `sales`, only the units of your lines count.',
      }),
    ),
    number: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 40,
        description: 'Only the order with this number, as people type it: `T-10023456`, `t 1002 3456`, `10023456`',
      }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 24 }),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
);

/** Placing, reading and cancelling orders. */
export function orderRoutes(app: App, ctx: PlacementContext): void {
  placeOrderRoute(app, ctx);
  listOrdersRoute(app, ctx);
  getOrderRoute(app, ctx);
  cancelOrderRoute(app, ctx);
}

function placeOrderRoute(app: App, ctx: PlacementContext): void {
  app.post(
    '/api/v1/orders',
    {
      config: { idempotent: 'key' },
      bodyLimit: schemas.LINES_BODY_LIMIT,
      schema: {
        operationId: 'placeOrder',
        summary: 'Place an order',
        description:
          'Priced from what is known of the catalogue, and accepted at once: stock and payment follow. ' +
          'The same `Idempotency-Key` with the same body gives the same order.',
        tags,
        headers: Type.Intersect([schemas.IdempotencyKey, schemas.Waiting]),
        body: schemas.NewOrder,
        response: {
          200: schemas.Order,
          201: schemas.Order,
          ...problemResponses(
            'idempotency_key_required',
            'idempotency_key_reused',
            'price_changed',
            'unknown_sku',
            'unavailable',
            'too_many_unsettled_orders',
          ),
        },
      },
    },
    async (request, reply) => {
      const { accountId } = requireIdentity(request);
      const key = idempotencyKey(request.headers);
      const { order, created } = await placeOrder(ctx, accountId, key, request.body);
      const seconds = waitSeconds(request.headers.prefer);
      const answer = seconds > 0 ? await waitUntilSettled(ctx, order, seconds) : order;
      reply.code(created ? 201 : 200).header('location', `/api/v1/orders/${order.id}`);
      if (seconds > 0) reply.header('preference-applied', `wait=${seconds}`);
      return orderView(answer);
    },
  );
}

function listOrdersRoute(app: App, ctx: PlacementContext): void {
  app.get(
    '/api/v1/orders',
    {
      schema: {
        operationId: 'listOrders',
        summary: 'List orders, newest first',
        description:
          '`view` chooses: `purchases` are your own, `sales` those that hold lines of yours (a seller’s default), ' +
          '`all` is for operators (their default). With `number` the other filters do not count. ' +
          schemas.SELLERS_PART,
        tags,
        querystring: OrderQuery,
        response: {
          200: Type.Object({
            items: Type.Array(schemas.Order),
            nextCursor: Type.Union([Type.String(), Type.Null()]),
          }),
          ...problemResponses('invalid_cursor', 'forbidden'),
        },
      },
    },
    async (request) => {
      const { limit, status, unsent, number, view, cursor } = request.query;
      const before = cursor === undefined ? undefined : decodeCursor(Id, cursor);
      const page = await readOrders(ctx.pool, requireIdentity(request), view as RequestedPart | undefined, {
        status,
        unsent,
        number,
        before,
        limit,
      });
      return { items: page.items.map(orderView), nextCursor: page.last ? encodeCursor(page.last) : null };
    },
  );
}

function getOrderRoute(app: App, ctx: PlacementContext): void {
  app.get(
    '/api/v1/orders/:id',
    {
      schema: {
        operationId: 'getOrder',
        summary: 'Read an order',
        description: schemas.SELLERS_PART,
        tags,
        params: schemas.ByIdOrNumber,
        headers: schemas.Waiting,
        response: { 200: schemas.Order, ...problemResponses('not_found') },
      },
    },
    async (request) => {
      const { id } = request.params;
      const actor = requireIdentity(request);
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
      config: { idempotent: true },
      schema: {
        operationId: 'cancelOrder',
        summary: 'Cancel an order of which nothing was sent',
        tags,
        params: schemas.ById,
        headers: schemas.Waiting,
        response: { 200: schemas.Order, ...problemResponses('not_found', 'forbidden', 'order_not_cancellable') },
      },
    },
    async (request) => {
      const actor = requireIdentity(request);
      const order = await cancelOrder(ctx, actor, request.params.id);
      const seconds = waitSeconds(request.headers.prefer);
      const latest = seconds > 0 ? await waitUntilSettled(ctx, order, seconds) : order;
      return orderView(await visibleOrder(ctx.pool, actor, latest));
    },
  );
}
