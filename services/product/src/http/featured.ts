import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { productNotFound } from '../actions/access.ts';
import type { Context } from '../actions/context.ts';
import { setFeatured } from '../store/featured.ts';
import * as schemas from './schemas.ts';

const path = '/api/v1/products/:id/featured';
const common = {
  tags: ['catalogue'],
  params: schemas.ById,
  response: { 204: Type.Null({ description: 'It is so' }), ...problemResponses('forbidden', 'not_found') },
};

/** What the shop shows first: `GET /api/v1/products?featured=true`. For operators to choose. */
export function featuredRoutes(app: App, ctx: Context): void {
  const set = async (id: string, featured: boolean, reply: FastifyReply) => {
    if (!(await setFeatured(ctx.pool, id, featured))) throw productNotFound();
    return reply.code(204).send(null);
  };
  app.put(
    path,
    {
      config: { permission: 'catalogue:write', idempotent: true },
      schema: { operationId: 'featureProduct', summary: 'Feature a product: show it first', ...common },
    },
    (request, reply) => {
      return set(request.params.id, true, reply);
    },
  );
  app.delete(
    path,
    {
      config: { permission: 'catalogue:write', idempotent: true },
      schema: { operationId: 'unfeatureProduct', summary: 'Stop featuring a product', ...common },
    },
    (request, reply) => {
      return set(request.params.id, false, reply);
    },
  );
}
