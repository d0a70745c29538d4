import { IdInput } from '@tradepost/contracts/input';
import { Sku } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { optionalIdentity, requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { type CartContext, createCart, listCarts, mergeCarts, readCart, setLine } from '../actions/carts.ts';
import { checkOutRoute } from './checkout.ts';
import * as requests from './request-schemas.ts';
import * as responses from './response-schemas.ts';
import { cartView } from './serializers.ts';

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
      // Made twice, one of them stays empty, under an id that no client knows; it is deleted when it has been idle for long.
      config: { ...config, idempotent: true },
      schema: {
        operationId: 'createCart',
        summary: 'Create an empty cart',
        description:
          'May be sent again when its response was lost: at worst that leaves another empty cart behind, which is deleted in time.',
        tags,
        response: { 201: responses.Cart, ...problemResponses('unauthenticated') },
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
        response: { 200: Type.Object({ items: Type.Array(responses.Cart) }), ...problemResponses('unauthenticated') },
      },
    },
    async (request) => ({ items: (await listCarts(ctx, requireIdentity(request))).map(cartView) }),
  );
}

function getCartRoute(app: App, ctx: CartContext): void {
  app.get(
    '/api/v1/carts/:id',
    {
      config: { ...config, operatorPermission: 'orders:read' },
      schema: {
        operationId: 'getCart',
        summary: 'Get a cart, at current prices',
        tags,
        params: requests.ById,
        response: { 200: responses.Cart, ...problemResponses('not_found') },
      },
    },
    async (request) => cartView(await readCart(ctx, optionalIdentity(request), request.params.id)),
  );
}

function setCartLineRoute(app: App, ctx: CartContext): void {
  app.put(
    '/api/v1/carts/:id/lines/:sku',
    {
      config: { operatorPermission: 'orders:write', ...config, idempotent: true },
      schema: {
        operationId: 'setCartLine',
        summary: 'Set the quantity of a SKU in the cart; 0 removes it',
        tags,
        params: Type.Object({ ...requests.ById.properties, sku: Sku }),
        body: requests.CartLine,
        response: {
          200: responses.Cart,
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
        params: requests.ById,
        body: Type.Object({ from: IdInput }, { additionalProperties: false }),
        response: {
          200: responses.Cart,
          ...problemResponses('not_found', 'forbidden', 'cart_checked_out', 'cart_merged', 'unprocessable'),
        },
      },
    },
    async (request) => cartView(await mergeCarts(ctx, requireIdentity(request), request.params.id, request.body.from)),
  );
}
