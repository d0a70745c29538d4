import { Id, Sku } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { optionalIdentity, requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { type CartContext, checkout, createCart, listCarts, mergeCarts, readCart, setLine } from '../actions/carts.ts';
import { waitUntilSettled } from '../actions/wait-until-settled.ts';
import { waitSeconds } from './headers.ts';
import * as schemas from './schemas.ts';
import { cartView, orderView } from './serializers.ts';

const tags = ['carts'];
/** A cart needs no account: whoever knows its id may fill it. One that was made signed in is that account's alone. */
const config = { auth: 'optional' } as const;

export function cartRoutes(app: App, ctx: CartContext): void {
  createCartRoute(app, ctx);
  listCartsRoute(app, ctx);
  getCartRoute(app, ctx);
  setCartLineRoute(app, ctx);
  checkOutRoute(app, ctx);
  mergeCartsRoute(app, ctx);
}

function createCartRoute(app: App, ctx: CartContext): void {
  app.post(
    '/api/v1/carts',
    {
      // Made twice, one of them stays empty, under an id that nobody was told; it is deleted when it has been idle for long.
      config: { ...config, idempotent: true },
      schema: {
        operationId: 'createCart',
        summary: 'Create an empty cart',
        description:
          'May be sent again when its response was lost: at worst that leaves another empty cart behind, which is deleted in time.',
        tags,
        response: { 201: schemas.Cart, ...problemResponses('unauthenticated') },
      },
    },
    async (request, reply) => {
      const cart = await createCart(ctx, optionalIdentity(request));
      reply.code(201).header('location', `/api/v1/carts/${cart.id}`);
      return cartView(cart);
    },
  );
}

function listCartsRoute(app: App, ctx: CartContext): void {
  app.get(
    '/api/v1/carts',
    {
      schema: {
        operationId: 'listCarts',
        summary: 'List your open carts, newest first',
        description: 'At most 20. A cart that you made, or checked out, while signed in is found here on every device.',
        tags,
        response: { 200: Type.Object({ items: Type.Array(schemas.Cart) }), ...problemResponses('unauthenticated') },
      },
    },
    async (request) => ({ items: (await listCarts(ctx, requireIdentity(request))).map(cartView) }),
  );
}

function getCartRoute(app: App, ctx: CartContext): void {
  app.get(
    '/api/v1/carts/:id',
    {
      config,
      schema: {
        operationId: 'getCart',
        summary: 'Get a cart, at current prices',
        tags,
        params: schemas.ById,
        response: { 200: schemas.Cart, ...problemResponses('not_found') },
      },
    },
    async (request) => cartView(await readCart(ctx, optionalIdentity(request), request.params.id)),
  );
}

function setCartLineRoute(app: App, ctx: CartContext): void {
  app.put(
    '/api/v1/carts/:id/lines/:sku',
    {
      config: { ...config, idempotent: true },
      schema: {
        operationId: 'setCartLine',
        summary: 'Set the quantity of a SKU in the cart; 0 removes it',
        tags,
        params: Type.Object({ ...schemas.ById.properties, sku: Sku }),
        body: schemas.CartLine,
        response: {
          200: schemas.Cart,
          ...problemResponses('not_found', 'cart_checked_out', 'cart_merged', 'unknown_sku'),
        },
      },
    },
    async (request) => {
      const { id, sku } = request.params;
      return cartView(await setLine(ctx, optionalIdentity(request), id, { sku, quantity: request.body.quantity }));
    },
  );
}

function checkOutRoute(app: App, ctx: CartContext): void {
  app.post(
    '/api/v1/carts/:id/checkout',
    {
      config: { idempotent: true },
      schema: {
        operationId: 'checkOut',
        summary: 'Check out the cart',
        description:
          'A cart becomes at most one order: asked again, it answers that order. When the order ends unpaid (the payment is ' +
          'declined, or stock is missing), the cart opens again and can be checked out anew.',
        tags,
        params: schemas.ById,
        headers: schemas.Waiting,
        body: schemas.Checkout,
        response: {
          200: schemas.Order,
          201: schemas.Order,
          ...problemResponses(
            ...(['not_found', 'cart_empty', 'cart_checked_out', 'cart_merged', 'price_changed'] as const),
            'too_many_unsettled_orders',
          ),
        },
      },
    },
    async (request, reply) => {
      const actor = requireIdentity(request);
      const { order, created } = await checkout(ctx, actor, request.params.id, request.body);
      const seconds = waitSeconds(request.headers.prefer);
      reply.code(created ? 201 : 200).header('location', `/api/v1/orders/${order.id}`);
      return orderView(seconds > 0 ? await waitUntilSettled(ctx, order, seconds) : order);
    },
  );
}

function mergeCartsRoute(app: App, ctx: CartContext): void {
  app.post(
    '/api/v1/carts/:id/merge',
    {
      config: { idempotent: true },
      schema: {
        operationId: 'mergeCarts',
        summary: 'Move the lines of another cart into your cart',
        description:
          'What a guest has put in is kept at sign-in. Of a SKU in both carts the larger quantity wins. The other cart is ' +
          'closed. Doing so again changes nothing.',
        tags,
        params: schemas.ById,
        body: Type.Object({ from: Id }, { additionalProperties: false }),
        response: {
          200: schemas.Cart,
          ...problemResponses('not_found', 'forbidden', 'cart_checked_out', 'cart_merged', 'unprocessable'),
        },
      },
    },
    async (request) => cartView(await mergeCarts(ctx, requireIdentity(request), request.params.id, request.body.from)),
  );
}
