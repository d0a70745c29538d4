import type { App } from '@tradepost/runtime/app';
import { onlyRoles, optionalIdentity, requireRole } from '@tradepost/runtime/identity';
import { etagOf, ifMatch } from '@tradepost/runtime/precondition';
import { problemResponses } from '@tradepost/runtime/schema';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { createProduct, patchProduct } from '../actions/change-products.ts';
import type { Context } from '../actions/context.ts';
import { type ProductAnswer, productFor } from '../actions/read-product.ts';
import { letGatewayCache, sendJson } from './pre-serialized-json.ts';
import * as productSchemas from './product-schemas.ts';
import * as schemas from './schemas.ts';

const tags = ['catalogue'];

/** A hundred variants and twenty pictures with all texts at their longest, in a script of three bytes a character. */
const PRODUCT_BODY_LIMIT = 512 * 1024;

const send = (reply: FastifyReply, { version, json }: ProductAnswer): FastifyReply =>
  sendJson(reply.header('etag', etagOf(version)), json);

/** Products: read, made, changed and archived. */
export function productRoutes(app: App, ctx: Context): void {
  readRoutes(app, ctx);
  writeRoutes(app, ctx);
}

function readRoutes(app: App, ctx: Context): void {
  app.get(
    '/api/v1/products/:idOrSlug',
    {
      config: { operatorPermission: 'catalogue:read', auth: 'optional' },
      schema: {
        operationId: 'getProduct',
        summary: 'Get a product by id or slug',
        description:
          'The ETag is of what its seller writes. `available` changes without it, so a 304 says nothing about stock.',
        tags,
        params: schemas.ByIdOrSlug,
        headers: schemas.IfNoneMatch,
        response: {
          200: productSchemas.Product,
          304: Type.Null({ description: 'Not modified' }),
          ...problemResponses('not_found'),
        },
      },
    },
    async (request, reply) => {
      const viewer = optionalIdentity(request);
      const product = await productFor(ctx, request.params.idOrSlug, viewer);
      if (!viewer && product.readAt !== undefined) letGatewayCache(reply, ctx, product.readAt);
      // `If-None-Match` is evaluated on the way out.
      return send(reply, product);
    },
  );
}

function writeRoutes(app: App, ctx: Context): void {
  createProductRoute(app, ctx);
  updateProductRoute(app, ctx);
  archiveProductRoute(app, ctx);
}

function createProductRoute(app: App, ctx: Context): void {
  app.post(
    '/api/v1/products',
    {
      config: { operatorPermission: 'catalogue:write', idempotent: 'key' },
      onRequest: onlyRoles('seller'),
      bodyLimit: PRODUCT_BODY_LIMIT,
      schema: {
        operationId: 'createProduct',
        summary: 'Create a product',
        tags,
        headers: schemas.IdempotencyKey,
        body: productSchemas.NewProduct,
        response: {
          201: productSchemas.Product,
          ...problemResponses(
            ...(['forbidden', 'sku_taken', 'duplicate_sku', 'mixed_currencies', 'idempotency_key_reused'] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const by = requireRole(request, 'seller');
      const made = await createProduct(ctx, by, request.body, request.headers['idempotency-key']);
      return send(reply.code(201).header('location', `/api/v1/products/${made.id}`), made);
    },
  );
}

function updateProductRoute(app: App, ctx: Context): void {
  app.patch(
    '/api/v1/products/:id',
    {
      config: { operatorPermission: 'catalogue:write', idempotent: true },
      onRequest: onlyRoles('seller'),
      bodyLimit: PRODUCT_BODY_LIMIT,
      schema: {
        operationId: 'updateProduct',
        summary: 'Change one of your products',
        description:
          'Fields that are not named stay as they are. Prices keep the currency that the product began with. A change that has ' +
          'been made already is answered 200 whatever the version in `If-Match` is, so a lost request can be sent again.',
        tags,
        params: schemas.ById,
        headers: schemas.IfMatch,
        body: productSchemas.ProductChange,
        response: {
          200: productSchemas.Product,
          ...problemResponses(
            ...(['forbidden', 'not_found', 'precondition_required', 'version_conflict', 'product_archived'] as const),
            ...(['sku_taken', 'duplicate_sku', 'mixed_currencies', 'unprocessable'] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const by = requireRole(request, 'seller');
      const precondition = ifMatch(request.headers['if-match']);
      return send(reply, await patchProduct(ctx, by, request.params.id, request.body, precondition));
    },
  );
}

function archiveProductRoute(app: App, ctx: Context): void {
  app.delete(
    '/api/v1/products/:id',
    {
      config: { operatorPermission: 'catalogue:write', idempotent: true },
      schema: {
        operationId: 'archiveProduct',
        summary: 'Archive one of your products',
        description:
          'The product goes off sale and is not deleted: orders refer to it, and `PATCH` can make it active again.',
        tags,
        params: schemas.ById,
        headers: schemas.IfMatch,
        response: {
          204: Type.Null({ description: 'It is archived' }),
          ...problemResponses('forbidden', 'not_found', 'precondition_required', 'version_conflict'),
        },
      },
    },
    async (request, reply) => {
      const by = requireRole(request, 'seller');
      const precondition = ifMatch(request.headers['if-match']);
      const { version } = await patchProduct(ctx, by, request.params.id, { status: 'archived' }, precondition);
      return reply.code(204).header('etag', etagOf(version)).send(null);
    },
  );
}
