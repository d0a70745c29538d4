import type { App } from '@tradepost/runtime/app';
import { optionalIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import type { Static } from 'typebox';
import type { CartContext } from '../actions/carts.ts';
import { readCartQuote, readQuote } from '../actions/read-quote.ts';
import * as requests from './request-schemas.ts';
import * as responses from './response-schemas.ts';

const tags = ['quotes'];
/** A quote writes nothing, and needs no account. */
const config = { auth: 'optional', idempotent: true } as const;

const description =
  'Prices, promotions, shipping and taxes, as an order that is placed now would have them. Without a destination, shipping and taxes ' +
  'are left out. Send the total as `expectedTotal` with the order: if it has changed, the answer is 409 with the new quote.';

const problems = problemResponses(
  ...(['unknown_sku', 'coupon_not_valid', 'not_shippable', 'shipping_method_not_offered'] as const),
  'vat_id_not_valid',
);

/** What an order would cost. */
export function quoteRoutes(app: App, ctx: CartContext): void {
  app.post(
    '/api/v1/quotes',
    {
      config,
      bodyLimit: requests.LINES_BODY_LIMIT,
      schema: {
        operationId: 'quote',
        summary: 'Calculate what lines would cost as an order',
        description,
        tags,
        body: requests.NewQuote,
        response: { 200: responses.Quote, ...problems },
      },
    },
    async (request) => readQuote(ctx, optionalIdentity(request), wish(request.body, request.body.lines)),
  );

  app.post(
    '/api/v1/carts/:id/quote',
    {
      config: { ...config, operatorPermission: 'orders:read' },
      schema: {
        operationId: 'quoteCart',
        summary: 'Calculate what a cart would cost as an order',
        description,
        tags,
        params: requests.ById,
        body: requests.CartQuote,
        response: { 200: responses.Quote, ...problems, ...problemResponses('not_found', 'cart_empty', 'cart_merged') },
      },
    },
    async (request) => readCartQuote(ctx, optionalIdentity(request), request.params.id, wish(request.body, undefined)),
  );
}

function wish<Lines>(
  { destination, shippingMethod, couponCodes, vatId }: Static<typeof requests.CartQuote>,
  lines: Lines,
) {
  return { lines, destination: destination ?? null, shippingMethod, couponCodes, vatId };
}
