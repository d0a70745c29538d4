import type { App } from '@tradepost/runtime/app';
import { optionalIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import type { Static } from 'typebox';
import type { Context } from '../actions/context.ts';
import type { ListAnswer, ListQuery } from '../actions/list-page.ts';
import { listProducts, sortOf } from '../actions/list-products.ts';
import type { Filters } from '../domain/listing.ts';
import { createListCursors } from './list-cursor.ts';
import * as listSchemas from './list-schemas.ts';
import { letGatewayCache, sendJson } from './pre-serialized-json.ts';

/** `GET /api/v1/products`: lists and searches. */
export function listRoutes(app: App, ctx: Context): void {
  const cursors = createListCursors();
  app.get(
    '/api/v1/products',
    {
      config: { operatorPermission: 'catalogue:read', auth: 'optional' },
      schema: {
        operationId: 'listProducts',
        summary: 'List or search products',
        description:
          'With `q`, every word must be in the title, the categories, the variants or the description. Where nothing ' +
          'matches, words that no product has are tried as those they resemble (`correctedQuery`), and words are left out ' +
          '(`leftOut`). A cursor belongs to the filters and the order it was given for. A page may ' +
          'have fewer products than `limit`, or none, and still have a `nextCursor`: the work of one request is bounded.',
        tags: ['catalogue'],
        querystring: listSchemas.ProductQuery,
        response: { 200: listSchemas.ProductPage, ...problemResponses('invalid_cursor', 'forbidden') },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const viewer = optionalIdentity(request);
      const askedAt = performance.now();
      const listing = listingOf(query);
      const { cursorKey } = await ctx.searchIndex.current();
      const found = await listProducts(ctx, viewer, listing, {
        after: query.cursor === undefined ? undefined : cursors.read(query.cursor, listing, cursorKey),
        limit: query.limit ?? 24,
        facets: query.facets ?? listing.filters.phrase !== undefined,
      });
      // What a shared read gives was read after the call, so its age counts from there.
      if (!viewer) letGatewayCache(reply, ctx, askedAt);
      return sendJson(reply, pageText(found, found.next ? cursors.write(found.next, listing, cursorKey) : null));
    },
  );
}

function listingOf(query: Static<typeof listSchemas.ProductQuery>): ListQuery {
  const { q, category, featured, minPrice, maxPrice, currency, inStock, sellerId, status, sort } = query;
  const phrase = q?.trim() || undefined;
  const filters: Filters = {
    status: status ?? 'active',
    ...(phrase !== undefined && { phrase }),
    ...(category !== undefined && { category }),
    ...(featured !== undefined && { featured }),
    ...(sellerId !== undefined && { sellerId }),
    ...(minPrice !== undefined && { minPrice }),
    ...(maxPrice !== undefined && { maxPrice }),
    ...(currency !== undefined && { currency }),
    ...(inStock !== undefined && { inStock }),
  };
  return { filters, sort: sortOf(sort, phrase) };
}

/** The items are JSON already; only what is around them is written here. */
function pageText({ items, facets, instead }: ListAnswer, nextCursor: string | null): string {
  const rest = {
    nextCursor,
    ...(facets && {
      facets: {
        complete: facets.complete,
        total: facets.total,
        inStock: facets.inStock,
        categories: facets.categories,
        prices: facets.prices.map(pricesView),
        priceRanges: facets.priceRanges.map((range) => ({ ...pricesView(range), count: range.count })),
      },
    }),
    ...listSchemas.insteadOfPhrase(instead, items),
  };
  return `{"items":[${items.join(',')}],${JSON.stringify(rest).slice(1)}`;
}

const pricesView = ({ currency, min, max }: { currency: string; min: number; max: number }) => ({
  min: { amount: min, currency },
  max: { amount: max, currency },
});
