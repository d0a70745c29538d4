import { createHash } from 'node:crypto';
import { Refusal } from '@tradepost/contracts/refusal';
import type { App } from '@tradepost/runtime/app';
import { cursorReader, encodeCursor } from '@tradepost/runtime/cursor';
import { optionalIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { type Static, Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { type ListAnswer, type Listing, listProducts, type Position, sortOf } from '../actions/list-products.ts';
import type { Filters } from '../domain/listing.ts';
import { sendJson } from './ready-json.ts';
import * as schemas from './schemas.ts';

/** [digest of the listing, sort key, id, block, corrected phrase] */
const Cursor = Type.Tuple([
  Type.String(),
  Type.Union([Type.String(), Type.Null()]),
  Type.Union([schemas.Uuid, Type.Null()]),
  Type.Union([schemas.Uuid, Type.Null()]),
  Type.Union([Type.String({ minLength: 1, maxLength: 300 }), Type.Null()]),
]);

/** `GET /api/v1/products`: lists and searches. */
export function listRoutes(app: App, ctx: Context): void {
  const read = cursorReader(Cursor);
  app.get(
    '/api/v1/products',
    {
      config: { auth: 'optional' },
      schema: {
        operationId: 'listProducts',
        summary: 'List or search products',
        description:
          'With `q`, every word must be in the title, the categories, the variants or the description; misspelt words ' +
          'are tried again as the ones they resemble. A cursor belongs to the filters and the order it was given for.',
        tags: ['catalogue'],
        querystring: schemas.ProductQuery,
        response: { 200: schemas.ProductPage, ...problemResponses('invalid_cursor', 'forbidden') },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const listing = listingOf(query);
      const digest = digestOf(listing);
      const after = query.cursor === undefined ? undefined : position(read(query.cursor), digest, listing);
      const found = await listProducts(ctx, optionalIdentity(request), listing, {
        after,
        limit: query.limit ?? 24,
        facets: query.facets ?? listing.filters.phrase !== undefined,
      });
      return sendJson(reply, pageText(found, digest));
    },
  );
}

function listingOf(query: Static<typeof schemas.ProductQuery>): Listing {
  const { q, category, minPrice, maxPrice, currency, inStock, sellerId, status, sort } = query;
  const phrase = q?.trim() || undefined;
  const filters: Filters = {
    status: status ?? 'active',
    ...(phrase !== undefined && { phrase }),
    ...(category !== undefined && { category }),
    ...(sellerId !== undefined && { sellerId }),
    ...(minPrice !== undefined && { minPrice }),
    ...(maxPrice !== undefined && { maxPrice }),
    ...(currency !== undefined && { currency }),
    ...(inStock !== undefined && { inStock }),
  };
  return { filters, sort: sortOf(sort, phrase) };
}

/** What a cursor is bound to: with other filters or another order it would skip or repeat products. */
function digestOf({ filters, sort }: Listing): string {
  return createHash('sha256')
    .update(JSON.stringify([sort, filters]))
    .digest('base64url')
    .slice(0, 12);
}

function position(
  [digest, key, id, block, corrected]: Static<typeof Cursor>,
  expected: string,
  { sort }: Listing,
): Position {
  const isNumber = key !== null && /^[0-9.e+-]{1,30}$/.test(key) && Number.isFinite(Number(key));
  const fits = {
    newest: id !== null && key === null,
    price: id !== null && isNumber && /^[0-9]{1,15}$/.test(key),
    '-price': id !== null && isNumber && /^[0-9]{1,15}$/.test(key),
    title: id !== null && key !== null,
    relevance: (id === null) === (key === null) && (key === null || isNumber) && (id !== null || block !== null),
  }[sort];
  if (digest === expected && fits && (sort === 'relevance' || block === null))
    return { place: { key, id, block }, corrected };
  throw new Refusal(
    'invalid_cursor',
    'The cursor was given for another list: leave it out to begin at the first page',
    {
      errors: [{ field: '?cursor', message: 'belongs to other filters or another order' }],
    },
  );
}

/** The items are JSON already; only what is around them is written here. */
function pageText({ items, next, facets, corrected }: ListAnswer, digest: string): string {
  const cursor = next && encodeCursor([digest, next.place.key, next.place.id, next.place.block, next.corrected]);
  const rest = {
    nextCursor: cursor ?? null,
    ...(facets && {
      facets: {
        complete: facets.complete,
        categories: facets.categories,
        prices: facets.prices.map(({ currency, min, max }) => ({
          min: { amount: min, currency },
          max: { amount: max, currency },
        })),
      },
    }),
    ...(corrected !== undefined && { correctedQuery: corrected }),
  };
  return `{"items":[${items.join(',')}],${JSON.stringify(rest).slice(1)}`;
}
