import { IdInput } from '@tradepost/contracts/input';
import { OrderStatus } from '@tradepost/contracts/order-status';
import { Id } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { decodeCursor, encodeCursor } from '@tradepost/runtime/cursor';
import { requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import type { PlacementContext } from '../actions/placement-context.ts';
import { type RequestedPart, readOrders } from '../actions/read-orders.ts';
import * as responses from './response-schemas.ts';
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
    customerId: Type.Optional(
      Type.Unsafe<string>({ ...IdInput, description: 'Of operators, in `all`: only the orders of this customer' }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 24 }),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
);

export function listOrdersRoute(app: App, ctx: PlacementContext): void {
  app.get(
    '/api/v1/orders',
    {
      config: { operatorPermission: 'orders:read' },
      schema: {
        operationId: 'listOrders',
        summary: 'List orders, newest first',
        description:
          '`view` chooses: `purchases` are your own, `sales` those that hold lines of yours (a seller’s default), ' +
          '`all` is for operators (their default). With `number` the other filters do not count. ' +
          responses.SELLERS_PART,
        tags,
        querystring: OrderQuery,
        response: {
          200: Type.Object({
            items: Type.Array(responses.Order),
            nextCursor: Type.Union([Type.String(), Type.Null()]),
          }),
          ...problemResponses('invalid_cursor', 'forbidden'),
        },
      },
    },
    async (request) => {
      const { limit, status, unsent, number, customerId, view, cursor } = request.query;
      const before = cursor === undefined ? undefined : decodeCursor(Id, cursor);
      const page = await readOrders(ctx.pool, requireIdentity(request), view as RequestedPart | undefined, {
        status,
        unsent,
        number,
        customerId,
        before,
        limit,
      });
      return { items: page.items.map(orderView), nextCursor: page.last ? encodeCursor(page.last) : null };
    },
  );
}
