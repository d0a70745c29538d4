import type { App } from '@tradepost/runtime/app';
import { requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { visibleTo } from '../actions/access.ts';
import type { Context } from '../actions/context.ts';
import { deliverOrder, fulfilOrder } from '../actions/fulfil-order.ts';
import { refundOrder } from '../actions/refund-order.ts';
import type { Order } from '../domain/order.ts';
import type { WantedLine } from '../domain/pricing.ts';
import { fulfilmentsOf } from '../store/fulfilments.ts';
import { orderById } from '../store/orders.ts';
import { refundsOf } from '../store/refunds.ts';
import { idempotencyKey } from './headers.ts';
import * as schemas from './schemas.ts';
import { fulfilmentView, orderView, refundView } from './view.ts';

const tags = ['fulfilment and refunds'];

/** What sellers and operators do with an order: send it, tell that it arrived, give money back. */
export function handlingRoutes(app: App, ctx: Context): void {
  fulfilments(app, ctx);
  refunds(app, ctx);
}

function fulfilments(app: App, ctx: Context): void {
  app.post(
    '/api/v1/orders/:id/fulfilments',
    {
      schema: {
        operationId: 'fulfilOrder',
        summary: 'Record that lines were sent',
        description: 'Without `lines`: all that are left of yours.',
        tags,
        params: schemas.ById,
        headers: schemas.IdempotencyKey,
        body: schemas.NewFulfilment,
        response: { 201: schemas.Fulfilment, ...problemResponses('not_found', 'forbidden', 'order_not_fulfillable') },
      },
    },
    async (request, reply) => {
      const key = idempotencyKey(request.headers);
      const made = await fulfilOrder(ctx, requireIdentity(request), request.params.id, key, request.body);
      reply.code(201);
      return fulfilmentView(made);
    },
  );

  app.get(
    '/api/v1/orders/:id/fulfilments',
    {
      schema: {
        operationId: 'listFulfilments',
        summary: 'What of an order was sent',
        tags,
        params: schemas.ById,
        response: { 200: Type.Object({ items: Type.Array(schemas.Fulfilment) }), ...problemResponses('not_found') },
      },
    },
    async (request) => {
      const { id } = request.params;
      const seen = visibleTo(await orderById(ctx.pool, id), id, requireIdentity(request));
      const items = (await fulfilmentsOf(ctx.pool, id)).filter((made) => concerns(seen, made.lines));
      return { items: items.map(fulfilmentView) };
    },
  );

  app.post(
    '/api/v1/orders/:id/deliver',
    {
      schema: {
        operationId: 'deliverOrder',
        summary: 'Record that everything has arrived',
        tags,
        params: schemas.ById,
        response: { 200: schemas.Order, ...problemResponses('not_found', 'forbidden', 'order_not_fulfillable') },
      },
    },
    async (request) => orderView(await deliverOrder(ctx, requireIdentity(request), request.params.id)),
  );
}

function refunds(app: App, ctx: Context): void {
  app.post(
    '/api/v1/orders/:id/refunds',
    {
      schema: {
        operationId: 'refundOrder',
        summary: 'Give money back',
        description: 'The named lines, the named amount (minor units), or without both all that is left.',
        tags,
        params: schemas.ById,
        headers: schemas.IdempotencyKey,
        body: schemas.NewRefund,
        response: {
          201: schemas.Refund,
          ...problemResponses('not_found', 'forbidden', 'order_not_refundable', 'refund_too_large'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const actor = requireIdentity(request);
      const made = await refundOrder(ctx, actor, id, idempotencyKey(request.headers), request.body);
      reply.code(201);
      const order = visibleTo(await orderById(ctx.pool, id), id, actor);
      return refundView(made, order.total.currency);
    },
  );

  app.get(
    '/api/v1/orders/:id/refunds',
    {
      schema: {
        operationId: 'listRefunds',
        summary: 'What of an order was given back',
        tags,
        params: schemas.ById,
        response: { 200: Type.Object({ items: Type.Array(schemas.Refund) }), ...problemResponses('not_found') },
      },
    },
    async (request) => {
      const { id } = request.params;
      const order = await orderById(ctx.pool, id);
      const seen = visibleTo(order, id, requireIdentity(request));
      const all = await refundsOf(ctx.pool, id);
      // One without lines is about the whole order, which a seller of a part of it does not see.
      const isWhole = seen.lines.length === order?.lines.length;
      const items = isWhole ? all : all.filter((refund) => concerns(seen, refund.lines));
      return { items: items.map((refund) => refundView(refund, seen.total.currency)) };
    },
  );
}

/** Whether something was done about lines that an actor sees. */
const concerns = (seen: Order, lines: readonly WantedLine[]): boolean =>
  lines.some((line) => seen.lines.some(({ sku }) => sku === line.sku));
