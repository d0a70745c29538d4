import type { App } from '@tradepost/runtime/app';
import { cursorReader, encodeCursor } from '@tradepost/runtime/cursor';
import { onlyRoles, requireRole } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { adjustmentsFor, adjustStock, stockFor } from '../actions/adjust-stock.ts';
import type { Context } from '../actions/context.ts';
import type { Adjustment } from '../store/adjustments.ts';
import * as schemas from './schemas.ts';
import * as stockSchemas from './stock-schemas.ts';

const tags = ['stock'];
const readCursor = cursorReader(Type.Tuple([schemas.Uuid]));

/** How much there is, and adjustments of it. */
export function stockRoutes(app: App, ctx: Context): void {
  app.get(
    '/api/v1/stock/:sku',
    {
      config: { auth: 'none' },
      schema: {
        operationId: 'getStock',
        summary: 'Get the stock of a SKU',
        tags,
        params: schemas.BySku,
        response: { 200: stockSchemas.Stock, ...problemResponses('not_found') },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return stockFor(ctx, request.params.sku);
    },
  );
  adjustStockRoute(app, ctx);
  listAdjustmentsRoute(app, ctx);
}

function adjustStockRoute(app: App, ctx: Context): void {
  app.post(
    '/api/v1/stock/:sku/adjustments',
    {
      config: { operatorPermission: 'catalogue:write', idempotent: 'key' },
      onRequest: onlyRoles('seller'),
      schema: {
        operationId: 'adjustStock',
        summary: 'Adjust the stock of one of your SKUs',
        description: 'Reserved units cannot be removed.',
        tags,
        params: schemas.BySku,
        headers: schemas.IdempotencyKey,
        body: stockSchemas.NewAdjustment,
        response: {
          201: stockSchemas.Adjustment,
          ...problemResponses(
            'forbidden',
            'not_found',
            'insufficient_stock',
            'idempotency_key_reused',
            'unprocessable',
          ),
        },
      },
    },
    async (request, reply) => {
      const by = requireRole(request, 'seller');
      const { sku } = request.params;
      const made = await adjustStock(ctx, by, sku, request.body, request.headers['idempotency-key']);
      reply.code(201);
      return view(made);
    },
  );
}

function listAdjustmentsRoute(app: App, ctx: Context): void {
  app.get(
    '/api/v1/stock/:sku/adjustments',
    {
      config: { operatorPermission: 'catalogue:read' },
      schema: {
        operationId: 'listAdjustments',
        summary: 'List the stock adjustments of one of your SKUs, newest first',
        tags,
        params: schemas.BySku,
        querystring: stockSchemas.AdjustmentQuery,
        response: { 200: stockSchemas.AdjustmentPage, ...problemResponses('forbidden', 'not_found', 'invalid_cursor') },
      },
    },
    async (request) => {
      const by = requireRole(request, 'seller');
      const { cursor, limit } = request.query;
      const [before] = cursor === undefined ? [null] : readCursor(cursor);
      const { items, next } = await adjustmentsFor(ctx, by, request.params.sku, { before, limit: limit ?? 24 });
      return { items: items.map(view), nextCursor: next === null ? null : encodeCursor([next]) };
    },
  );
}

const view = (adjustment: Adjustment) => ({ ...adjustment, createdAt: adjustment.createdAt.toISOString() });
