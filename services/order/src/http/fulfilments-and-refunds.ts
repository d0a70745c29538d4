import type { App } from '@tradepost/runtime/app';
import { optionalIdentity, requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { deliverOrder, fulfilOrder } from '../actions/fulfil-order.ts';
import { actorFor } from '../actions/guests.ts';
import { readHandling, visibleOrder } from '../actions/read-orders.ts';
import { refundOrder } from '../actions/refund-order.ts';
import { idempotencyKey } from './headers.ts';
import * as requests from './request-schemas.ts';
import * as responses from './response-schemas.ts';
import { returnRoutes } from './returns.ts';
import { fulfilmentView, orderView, refundView } from './serializers.ts';

const tags = ['fulfilment and refunds'];

/** How long a parcel waits for the money to be taken, where it was only authorised. */
const CAPTURE_SECONDS = 10;

/** What sellers and operators do with an order: send it, tell that it arrived or came back, give money back. */
export function fulfilmentAndRefundRoutes(app: App, ctx: Context): void {
  fulfilments(app, ctx);
  returnRoutes(app, ctx);
  refunds(app, ctx);
}

function fulfilments(app: App, ctx: Context): void {
  fulfilOrderRoute(app, ctx);
  listFulfilmentsRoute(app, ctx);
  deliverOrderRoute(app, ctx);
}

function fulfilOrderRoute(app: App, ctx: Context): void {
  app.post(
    '/api/v1/orders/:id/fulfilments',
    {
      config: { operatorPermission: 'orders:write', idempotent: 'key' },
      bodyLimit: requests.LINES_BODY_LIMIT,
      schema: {
        operationId: 'fulfilOrder',
        summary: 'Fulfil: record that units were sent',
        description:
          'Without `lines`: all units of your lines that are still to send. Where the money was only authorised, all of it is taken first, ' +
          'and nothing is recorded before.',
        tags,
        params: requests.ById,
        headers: requests.IdempotencyKey,
        body: requests.NewFulfilment,
        response: {
          201: responses.Fulfilment,
          ...problemResponses('not_found', 'forbidden', 'order_not_fulfillable', 'payment_not_captured'),
        },
      },
    },
    async (request, reply) => {
      const made = await fulfilOrder(ctx, requireIdentity(request), request.params.id, {
        ...{ key: idempotencyKey(request.headers), request: request.body, captureSeconds: CAPTURE_SECONDS },
      });
      reply.code(201);
      return fulfilmentView(made);
    },
  );
}

function listFulfilmentsRoute(app: App, ctx: Context): void {
  app.get(
    '/api/v1/orders/:id/fulfilments',
    {
      config: { operatorPermission: 'orders:read', auth: 'optional' },
      schema: {
        operationId: 'listFulfilments',
        summary: 'List the fulfilments of an order',
        description: 'A seller sees their own lines only.',
        tags,
        params: requests.ById,
        querystring: requests.WithToken,
        response: { 200: Type.Object({ items: Type.Array(responses.Fulfilment) }), ...problemResponses('not_found') },
      },
    },
    async (request) => {
      const { id } = request.params;
      const actor = await actorFor(ctx, optionalIdentity(request), { id, token: request.query.token });
      const { fulfilments } = await readHandling(ctx.pool, actor, id);
      return { items: fulfilments.map(fulfilmentView) };
    },
  );
}

function deliverOrderRoute(app: App, ctx: Context): void {
  app.post(
    '/api/v1/orders/:id/deliver',
    {
      config: { operatorPermission: 'orders:write', idempotent: true },
      schema: {
        operationId: 'deliverOrder',
        summary: 'Record that the order was delivered',
        description: 'For an operator, and for a seller whose lines are all of the order.',
        tags,
        params: requests.ById,
        response: { 200: responses.Order, ...problemResponses('not_found', 'forbidden', 'order_not_fulfillable') },
      },
    },
    async (request) => {
      const actor = requireIdentity(request);
      return orderView(await visibleOrder(ctx.pool, actor, await deliverOrder(ctx, actor, request.params.id)));
    },
  );
}

function refunds(app: App, ctx: Context): void {
  refundOrderRoute(app, ctx);
  listRefundsRoute(app, ctx);
}

function refundOrderRoute(app: App, ctx: Context): void {
  app.post(
    '/api/v1/orders/:id/refunds',
    {
      config: { operatorPermission: 'refunds:write', idempotent: 'key' },
      bodyLimit: requests.LINES_BODY_LIMIT,
      schema: {
        operationId: 'refundOrder',
        summary: 'Refund an order',
        description:
          'Refunds the named lines, the named amount (minor units), or without both everything that is left.',
        tags,
        params: requests.ById,
        headers: requests.IdempotencyKey,
        body: requests.NewRefund,
        response: {
          201: responses.Refund,
          ...problemResponses('not_found', 'forbidden', 'order_not_refundable', 'refund_too_large'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const actor = requireIdentity(request);
      const made = await refundOrder(ctx, actor, id, idempotencyKey(request.headers), request.body);
      const { order, refunds } = await readHandling(ctx.pool, actor, id);
      reply.code(201);
      return refundView(refunds.find((refund) => refund.id === made.id) ?? made, order.total.currency);
    },
  );
}

function listRefundsRoute(app: App, ctx: Context): void {
  app.get(
    '/api/v1/orders/:id/refunds',
    {
      config: { operatorPermission: 'orders:read', auth: 'optional' },
      schema: {
        operationId: 'listRefunds',
        summary: 'List the refunds of an order',
        description:
          'A seller sees the refunds of their own lines, each with their share of it. A refund that names no line is ' +
          'about the order as a whole: a seller of some lines sees their share of it, without its `reason`, when it gives back all that was left.',
        tags,
        params: requests.ById,
        querystring: requests.WithToken,
        response: { 200: Type.Object({ items: Type.Array(responses.Refund) }), ...problemResponses('not_found') },
      },
    },
    async (request) => {
      const { id } = request.params;
      const actor = await actorFor(ctx, optionalIdentity(request), { id, token: request.query.token });
      const { order, refunds } = await readHandling(ctx.pool, actor, id);
      return { items: refunds.map((refund) => refundView(refund, order.total.currency)) };
    },
  );
}
