import type { App } from '@tradepost/runtime/app';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { readSuggestions } from '../actions/suggestions.ts';
import { Categories200, InsteadOfPhrase, insteadOfPhrase } from './list-schemas.ts';
import { letGatewayCache, sendJson } from './pre-serialized-json.ts';
import { ListedProduct } from './product-schemas.ts';

const Query = Type.Object(
  {
    q: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'What was typed so far; the last word may be unfinished',
    }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, default: 6, description: 'Of products' })),
  },
  { additionalProperties: false },
);
const Suggestions200 = Type.Object({
  categories: Categories200.properties.items,
  products: Type.Array(ListedProduct),
  ...InsteadOfPhrase,
});

/** `GET /api/v1/products/suggestions`: where to go while typing. */
export function suggestionRoute(app: App, ctx: Context): void {
  app.get(
    '/api/v1/products/suggestions',
    {
      config: { auth: 'none' },
      schema: {
        operationId: 'suggestProducts',
        summary: 'Suggest categories and products for an unfinished phrase',
        description:
          'At most three categories whose name begins so, and the products that a search finds first. Where nothing matches, ' +
          'other words are tried as in a search (`correctedQuery`, `leftOut`).',
        tags: ['catalogue'],
        querystring: Query,
        response: { 200: Suggestions200 },
      },
    },
    async (request, reply) => {
      const { q, limit = 6 } = request.query;
      const readAt = performance.now();
      const { categories, products, instead } = await readSuggestions(ctx, q.trim(), limit);
      letGatewayCache(reply, ctx, readAt);
      const rest = JSON.stringify({ categories, ...insteadOfPhrase(instead, products) });
      return sendJson(reply, `{"products":[${products.join(',')}],${rest.slice(1)}`);
    },
  );
}
