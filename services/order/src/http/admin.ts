import { Money } from '@tradepost/contracts/money';
import { OrderStatus } from '@tradepost/contracts/order-status';
import { Id, Time } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { requireRole } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { WindowQuery, windowSchema } from '@tradepost/runtime/time-window';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { type OrderTrace, readOrderTrace } from '../actions/read-order-trace.ts';
import { readStatistics } from '../actions/read-statistics.ts';
import * as schemas from './schemas.ts';
import { fulfilmentView, orderView, refundView, timelineView } from './serializers.ts';

const tags = ['operations'];
const Count = Type.Integer({ minimum: 0 });
const Message = Type.Object({ id: Id, type: Type.String({ examples: ['order.placed.v1'] }) });

const Statistics = Type.Object({
  ...windowSchema,
  placed: Type.Array(Count, { description: 'Orders by the step in which they were placed' }),
  taken: Type.Array(Type.Object({ currency: Type.String(), amounts: Type.Array(Type.Integer()) }), {
    description: 'What was taken for these orders and not given back, in minor units',
  }),
  byStatus: Type.Array(Type.Object({ status: OrderStatus, count: Count }), {
    description: 'These orders by where they have come to',
  }),
  open: Type.Array(Type.Object({ status: OrderStatus, count: Count, oldestSeconds: Type.Number() }), {
    description: 'All orders that are still to be decided, however old',
  }),
});

const FlowEntry = Type.Object({
  ...schemas.TimelineEntry.properties,
  traceId: Type.Union([Type.String(), Type.Null()], { description: 'W3C trace id' }),
  heard: Type.Optional(Type.Object(Message.properties, { description: 'The message that caused it' })),
  told: Type.Array(Message, { description: 'The messages that left with it' }),
});

const FlowAnswer = Type.Object({
  order: schemas.Order,
  entries: Type.Array(FlowEntry),
  payment: Type.Object({
    provider: Type.String(),
    attempts: Type.Integer({ minimum: 0, description: 'How often the provider was asked' }),
    captured: Money,
  }),
  waiting: Type.Object({
    dueAt: Type.Union([Time, Type.Null()], { description: 'When it is looked at again by itself' }),
    nudges: Type.Integer({ minimum: 0, description: 'How often its stock was asked for anew' }),
  }),
  fulfilments: Type.Array(schemas.Fulfilment),
  refunds: Type.Array(schemas.Refund),
});

/** What operators look at: how sales go, and how one order came to where it is. */
export function adminRoutes(app: App, ctx: Context): void {
  app.get(
    '/api/v1/admin/order/statistics',
    {
      schema: {
        operationId: 'getOrderStatistics',
        summary: 'How sales go: orders and money in steps of time, orders by status',
        tags,
        querystring: WindowQuery,
        response: { 200: Statistics, ...problemResponses('forbidden') },
      },
    },
    async (request) => {
      requireRole(request, 'admin');
      const { window, ...rest } = await readStatistics(ctx, request.query.minutes);
      return { from: window.from.toISOString(), stepSeconds: window.stepSeconds, ...rest };
    },
  );

  app.get(
    '/api/v1/admin/order/flows/:id',
    {
      schema: {
        operationId: 'getOrderFlow',
        summary: 'How one order came to where it is: its timeline with messages and traces, payment, what was sent',
        tags,
        params: schemas.ById,
        response: { 200: FlowAnswer, ...problemResponses('forbidden', 'not_found') },
      },
    },
    async (request) => {
      requireRole(request, 'admin');
      return flowView(await readOrderTrace(ctx, request.params.id));
    },
  );
}

function flowView({ order, entries, waiting, fulfilments, refunds }: OrderTrace) {
  const { currency } = order.total;
  return {
    order: orderView(order),
    entries: entries.map(({ traceId, heard, told, ...entry }) => ({
      ...timelineView(entry),
      traceId,
      ...(heard && { heard }),
      told,
    })),
    payment: {
      provider: order.paymentProvider,
      attempts: order.paymentAttempts,
      captured: { amount: order.captured, currency },
    },
    waiting: { dueAt: waiting.dueAt?.toISOString() ?? null, nudges: waiting.nudges },
    fulfilments: fulfilments.map(fulfilmentView),
    refunds: refunds.map((refund) => refundView(refund, currency)),
  };
}
