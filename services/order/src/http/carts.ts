import { Sku } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { optionalIdentity, requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { type Carting, checkout, createCart, readCart, setLine } from '../actions/carts.ts';
import { untilSettled } from '../actions/until-settled.ts';
import { waitSeconds } from './headers.ts';
import * as schemas from './schemas.ts';
import { cartView, orderView } from './view.ts';

const tags = ['carts'];
/** A cart needs no account: whoever knows its id may fill it. One that was made signed in is that account's alone. */
const config = { auth: 'optional' } as const;

export function cartRoutes(app: App, ctx: Carting): void {
  app.post(
    '/api/v1/carts',
    {
      config: { ...config, idempotent: false },
      schema: {
        operationId: 'createCart',
        summary: 'Make an empty cart',
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

  app.get(
    '/api/v1/carts/:id',
    {
      config,
      schema: {
        operationId: 'getCart',
        summary: 'Read a cart, at the prices of now',
        tags,
        params: schemas.ById,
        response: { 200: schemas.Cart, ...problemResponses('not_found') },
      },
    },
    async (request) => cartView(await readCart(ctx, optionalIdentity(request), request.params.id)),
  );

  app.put(
    '/api/v1/carts/:id/lines/:sku',
    {
      config: { ...config, idempotent: true },
      schema: {
        operationId: 'setCartLine',
        summary: 'Set how many of a SKU the cart holds; 0 takes it out',
        tags,
        params: Type.Object({ ...schemas.ById.properties, sku: Sku }),
        body: schemas.CartLine,
        response: { 200: schemas.Cart, ...problemResponses('not_found', 'cart_checked_out', 'unknown_sku') },
      },
    },
    async (request) => {
      const { id, sku } = request.params;
      return cartView(await setLine(ctx, optionalIdentity(request), id, { sku, quantity: request.body.quantity }));
    },
  );

  app.post(
    '/api/v1/carts/:id/checkout',
    {
      config: { idempotent: true },
      schema: {
        operationId: 'checkOut',
        summary: 'Make an order of the cart',
        description: 'A cart becomes one order at the most: asked again, it answers that order.',
        tags,
        params: schemas.ById,
        headers: schemas.Waiting,
        body: schemas.Checkout,
        response: {
          200: schemas.Order,
          201: schemas.Order,
          ...problemResponses('not_found', 'cart_empty', 'cart_checked_out', 'price_changed'),
        },
      },
    },
    async (request, reply) => {
      const actor = requireIdentity(request);
      const { order, created } = await checkout(ctx, actor, request.params.id, request.body);
      const seconds = waitSeconds(request.headers.prefer);
      reply.code(created ? 201 : 200).header('location', `/api/v1/orders/${order.id}`);
      return orderView(seconds > 0 ? await untilSettled(ctx, order, seconds) : order);
    },
  );
}
