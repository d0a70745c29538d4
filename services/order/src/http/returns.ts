import type { App } from '@tradepost/runtime/app';
import { optionalIdentity, requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { actorFor } from '../actions/guests.ts';
import { readHandling } from '../actions/read-orders.ts';
import { returnGoods } from '../actions/return-goods.ts';
import { idempotencyKey } from './headers.ts';
import * as requests from './request-schemas.ts';
import * as responses from './response-schemas.ts';
import { returnView } from './serializers.ts';

const tags = ['fulfilment and refunds'];

/** Goods that customers sent back: sellers and operators record them, with or without a refund. */
export function returnRoutes(app: App, ctx: Context): void {
  returnGoodsRoute(app, ctx);
  listReturnsRoute(app, ctx);
}

function returnGoodsRoute(app: App, ctx: Context): void {
  app.post(
    '/api/v1/orders/:id/returns',
    {
      config: { operatorPermission: 'orders:write', idempotent: 'key' },
      bodyLimit: requests.LINES_BODY_LIMIT,
      schema: {
        operationId: 'returnGoods',
        summary: 'Record that goods came back',
        description:
          'Without `lines`: all units of your lines that were sent and did not come back yet. With `refund`, what was paid for the units ' +
          'is given back in the same step, as a refund of these lines; an operator needs the permission `refunds:write` for it. Units that were ' +
          'refunded before cannot be refunded again: record their return without `refund`. The customer gets a mail.',
        tags,
        params: requests.ById,
        headers: requests.IdempotencyKey,
        body: requests.NewReturn,
        response: {
          201: responses.Return,
          ...problemResponses(
            ...(['not_found', 'forbidden', 'order_not_returnable'] as const),
            ...(['order_not_refundable', 'refund_too_large'] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const actor = requireIdentity(request);
      const made = await returnGoods(ctx, actor, id, idempotencyKey(request.headers), request.body);
      reply.code(201);
      return returnView(made);
    },
  );
}

function listReturnsRoute(app: App, ctx: Context): void {
  app.get(
    '/api/v1/orders/:id/returns',
    {
      config: { operatorPermission: 'orders:read', auth: 'optional' },
      schema: {
        operationId: 'listReturns',
        summary: 'List the goods of an order that came back',
        description: 'A seller sees their own lines only.',
        tags,
        params: requests.ById,
        querystring: requests.WithToken,
        response: { 200: Type.Object({ items: Type.Array(responses.Return) }), ...problemResponses('not_found') },
      },
    },
    async (request) => {
      const { id } = request.params;
      const actor = await actorFor(ctx, optionalIdentity(request), { id, token: request.query.token });
      const { returns } = await readHandling(ctx.pool, actor, id);
      return { items: returns.map(returnView) };
    },
  );
}
