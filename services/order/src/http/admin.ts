import { Money } from '@tradepost/contracts/money';
import { OrderStatus } from '@tradepost/contracts/order-status';
import { Id, Time } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import { WindowQuery, windowSchema } from '@tradepost/runtime/time-window';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { type OrderTrace, readOrderTrace } from '../actions/read-order-trace.ts';
import { readStatistics } from '../actions/read-statistics.ts';
import * as requests from './request-schemas.ts';
import * as responses from './response-schemas.ts';
import { fulfilmentView, orderView, refundView, timelineView } from './serializers.ts';

const tags = ['operations'];
const Count = Type.Integer({ minimum: 0 });
const Message = Type.Object({ id: Id, type: Type.String({ examples: ['order.placed.v1'] }) });

const Statistics = Type.Object({
  ...windowSchema,
  placed: Type.Array(Count, { description: 'Number of orders placed, by step' }),
  taken: Type.Array(Type.Object({ currency: Type.String(), amounts: Type.Array(Type.Integer()) }), {
    description: 'Captured minus refunded amount of these orders, in minor units',
  }),
  byStatus: Type.Array(Type.Object({ status: OrderStatus, count: Count }), {
    description: 'Number of these orders, by status',
  }),
  open: Type.Array(Type.Object({ status: OrderStatus, count: Count, oldestSeconds: Type.Number() }), {
    description: 'All unsettled orders, of any age',
  }),
});

const FlowEntry = Type.Object({
  ...responses.TimelineEntry.properties,
  traceId: Type.Union([Type.String(), Type.Null()], { description: 'W3C trace id' }),
  heard: Type.Optional(Type.Object(Message.properties, { description: 'The message that caused it' })),
  told: Type.Array(Message, { description: 'The messages that it emitted' }),
});

const FlowAnswer = Type.Object({
  order: responses.Order,
  entries: Type.Array(FlowEntry),
  payment: Type.Object({
    provider: Type.String(),
    attempts: Type.Integer({ minimum: 0, description: 'Attempts to charge at the payment provider' }),
    captured: Money,
  }),
  waiting: Type.Object({
    dueAt: Type.Union([Time, Type.Null()], { description: 'Time of the next attempt' }),
    nudges: Type.Integer({ minimum: 0, description: 'Number of repeated reservation requests' }),
  }),
  fulfilments: Type.Array(responses.Fulfilment),
  refunds: Type.Array(responses.Refund),
});

/** What operators look at: how sales go, and how one order came to where it is. */
export function adminRoutes(app: App, ctx: Context): void {
  app.get(
    '/api/v1/admin/order/statistics',
    {
      config: { permission: 'payments:read' },
      schema: {
        operationId: 'getOrderStatistics',
        summary: 'Sales: orders and revenue by time step, orders by status',
        tags,
        querystring: WindowQuery,
        response: { 200: Statistics, ...problemResponses('forbidden') },
      },
    },
    async (request) => {
      const { window, ...rest } = await readStatistics(ctx, request.query.minutes);
      return { from: window.from.toISOString(), stepSeconds: window.stepSeconds, ...rest };
    },
  );

  app.get(
    '/api/v1/admin/order/flows/:id',
    {
      config: { permission: 'orders:read' },
      schema: {
        operationId: 'getOrderFlow',
        summary: 'The trace of an order: its timeline with messages and traces, payment and fulfilments',
        tags,
        params: requests.ById,
        response: { 200: FlowAnswer, ...problemResponses('forbidden', 'not_found') },
      },
    },
    async (request) => {
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
