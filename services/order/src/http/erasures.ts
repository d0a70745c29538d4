import { IdInput } from '@tradepost/contracts/input';
import { UNSETTLED_SALES_PATH, UnsettledSales } from '@tradepost/contracts/unsettled-sales';
import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { type ErasureContext, eraseGuest } from '../actions/erase-customers.ts';
import { countUnsettledSales } from '../store/erased-accounts.ts';
import * as requests from './request-schemas.ts';

const GuestErasure = Type.Object({
  orders: Type.Integer({ minimum: 0, description: 'Orders of the guest that lose their data by this request' }),
  open: Type.Integer({ minimum: 0, description: 'Those of them that do so only when they are settled' }),
});

/** Erasing the data of a guest, and what `auth` asks before it erases a seller. */
export function erasureRoutes(app: App, ctx: ErasureContext & { dueOrders: () => void }): void {
  app.post(
    '/api/v1/admin/order/orders/:id/guest-erasure',
    {
      config: { permission: 'accounts:write', idempotent: true },
      schema: {
        operationId: 'eraseGuest',
        summary: 'Erase the data of a guest, by one of the orders',
        description:
          'All orders with the same e-mail address lose address, telephone and notes, as soon as they are settled; what books need ' +
          'stays. Mails to the address are removed. It cannot be undone.',
        tags: ['operations'],
        params: requests.ById,
        response: { 202: GuestErasure, ...problemResponses('forbidden', 'not_found', 'conflict') },
      },
    },
    async (request, reply) => {
      const erased = await eraseGuest(ctx, request.params.id);
      ctx.dueOrders();
      reply.code(202);
      return erased;
    },
  );
  // It answers a number, and so asks for no credentials; the gateway does not route it.
  app.get(
    UNSETTLED_SALES_PATH,
    {
      config: { auth: 'none' },
      schema: {
        hide: true,
        querystring: Type.Object({ sellerId: IdInput }, { additionalProperties: false }),
        response: { 200: UnsettledSales },
      },
    },
    async (request) => ({ orders: await countUnsettledSales(ctx.pool, request.query.sellerId) }),
  );
}
