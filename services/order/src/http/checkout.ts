import type { App } from '@tradepost/runtime/app';
import { optionalIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import type { CartContext } from '../actions/carts.ts';
import { checkout } from '../actions/checkout.ts';
import { buyerOf, tokenOf } from '../actions/guests.ts';
import { waitUntilSettled } from '../actions/wait-for-order.ts';
import { waitSeconds } from './headers.ts';
import * as requests from './request-schemas.ts';
import * as responses from './response-schemas.ts';
import { placedOrderView } from './serializers.ts';

const tags = ['carts'];

export function checkOutRoute(app: App, ctx: CartContext): void {
  app.post(
    '/api/v1/carts/:id/checkout',
    {
      config: { operatorPermission: 'orders:write', idempotent: true, auth: 'optional' },
      bodyLimit: requests.CHECKOUT_BODY_LIMIT,
      schema: {
        operationId: 'checkOut',
        summary: 'Check out the cart',
        description:
          'A cart becomes at most one order: asked again, it answers that order. When the order ends unpaid (the payment is ' +
          'declined, or stock is missing), the cart opens again and can be checked out anew.',
        tags,
        params: requests.ById,
        headers: requests.Waiting,
        body: requests.Checkout,
        response: {
          200: responses.PlacedOrder,
          201: responses.PlacedOrder,
          ...problemResponses(
            ...(['not_found', 'cart_empty', 'cart_checked_out', 'cart_merged', 'price_changed'] as const),
            ...([
              'too_many_unsettled_orders',
              'coupon_not_valid',
              'vat_id_not_valid',
              'confirmation_required',
              'unauthenticated',
            ] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const account = optionalIdentity(request);
      const { email, ...details } = request.body;
      const buyer = await buyerOf(ctx, account, email, request.headers['accept-language']);
      const { order, created } = await checkout(ctx, { account, buyer }, request.params.id, details);
      const seconds = waitSeconds(request.headers.prefer);
      reply.code(created ? 201 : 200).header('location', `/api/v1/orders/${order.id}`);
      const latest = seconds > 0 ? await waitUntilSettled(ctx, order, seconds) : order;
      return placedOrderView(latest, await tokenOf(ctx, latest));
    },
  );
}
