import { isDeepStrictEqual } from 'node:util';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { App } from '@tradepost/runtime/app';
import { etagOf, ifMatch } from '@tradepost/runtime/precondition';
import { problemResponses } from '@tradepost/runtime/schema';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { largestCategories } from '../store/categories.ts';
import {
  type CategoryNavigation,
  navigationCategories,
  readNavigation,
  replaceNavigation,
} from '../store/category-navigation.ts';
import * as listSchemas from './list-schemas.ts';
import { letGatewayCache } from './pre-serialized-json.ts';
import * as schemas from './schemas.ts';

const tags = ['catalogue'];

const slugs = Type.Array(schemas.Category, {
  maxItems: 100,
  uniqueItems: true,
  description: 'In the order in which the shop shows them. One without active products is not shown.',
});
const NewNavigation = Type.Object({ slugs }, { additionalProperties: false });
const Navigation = Type.Object({
  slugs,
  version: Type.Integer({ minimum: 1, description: 'Incremented with each change; also the ETag' }),
});

/** Categories, and the part of them that operators have put into the shop's navigation. */
export function categoryRoutes(app: App, ctx: Context): void {
  app.get(
    '/api/v1/categories',
    {
      config: { auth: 'none' },
      schema: {
        operationId: 'listCategories',
        summary: 'List categories',
        description:
          'Those with the most active products first. With `navigation=true`: those that operators have put into the ' +
          'shop’s navigation, in the order they chose. A category that sellers have made by naming it is searched and ' +
          'filtered by at once, and is in the navigation once an operator has added it.',
        tags,
        querystring: listSchemas.CategoryQuery,
        response: { 200: listSchemas.Categories200 },
      },
    },
    async (request, reply) => {
      const { limit = 100, navigation } = request.query;
      const list = navigation ? navigationCategories : largestCategories;
      const readAt = performance.now();
      const items = await list(ctx.pool, limit);
      letGatewayCache(reply, ctx, readAt);
      return { items };
    },
  );
  navigationRoutes(app, ctx);
}

const sendNavigation = (reply: FastifyReply, navigation: CategoryNavigation) =>
  reply.header('etag', etagOf(navigation.version)).send(navigation);

const NAVIGATION_PATH = '/api/v1/categories/navigation';

function navigationRoutes(app: App, ctx: Context): void {
  getCategoryNavigationRoute(app, ctx);
  replaceCategoryNavigationRoute(app, ctx);
}

function getCategoryNavigationRoute(app: App, ctx: Context): void {
  app.get(
    NAVIGATION_PATH,
    {
      config: { permission: 'catalogue:read' },
      schema: {
        operationId: 'getCategoryNavigation',
        summary: 'Get the navigation: categories in their order',
        tags,
        response: { 200: Navigation, ...problemResponses('forbidden') },
      },
    },
    async (_request, reply) => {
      return sendNavigation(reply, await readNavigation(ctx.pool));
    },
  );
}

function replaceCategoryNavigationRoute(app: App, ctx: Context): void {
  app.put(
    NAVIGATION_PATH,
    {
      config: { permission: 'catalogue:write', idempotent: true },
      schema: {
        operationId: 'replaceCategoryNavigation',
        summary: 'Replace the navigation',
        tags,
        headers: schemas.IfMatch,
        body: NewNavigation,
        response: {
          200: Navigation,
          ...problemResponses('forbidden', 'precondition_required', 'version_conflict'),
        },
      },
    },
    async (request, reply) => {
      const precondition = ifMatch(request.headers['if-match']);
      if (!precondition) throw new ProblemError('precondition_required', 'Send the ETag that you read as If-Match');
      const versions = 'versions' in precondition ? [...precondition.versions] : null;
      const { slugs } = request.body;
      const replaced = await replaceNavigation(ctx.pool, slugs, versions);
      if (replaced) return sendNavigation(reply, replaced);
      // Replaced by the same request before, whose response was lost (RFC 9110, section 13.1.1).
      const present = await readNavigation(ctx.pool);
      if (!isDeepStrictEqual(present.slugs, slugs)) {
        throw new ProblemError('version_conflict', 'The navigation has changed since you read it');
      }
      return sendNavigation(reply, present);
    },
  );
}
