import type { App } from '@tradepost/runtime/app';
import { cursorReader, encodeCursor } from '@tradepost/runtime/cursor';
import { requireRole } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { type Static, Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { holdsFor, lowStockFor, reservationFor, stockHistoryFor } from '../actions/read-stock.ts';
import type { StockChange } from '../store/stock-history.ts';
import * as schemas from './schemas.ts';
import * as stockSchemas from './stock-schemas.ts';

const tags = ['stock'];

/** How the stock of a seller came to be what it is, and what there is little left of. */
export function stockHistoryRoutes(app: App, ctx: Context): void {
  historyRoute(app, ctx);
  holdsRoute(app, ctx);
  lowStockRoute(app, ctx);
  reservationRoute(app, ctx);
}

function historyRoute(app: App, ctx: Context): void {
  const read = cursorReader(Type.Tuple([schemas.Uuid]));
  app.get(
    '/api/v1/stock/:sku/history',
    {
      config: { operatorPermission: 'catalogue:read' },
      schema: {
        operationId: 'listStockHistory',
        summary: 'List all changes of the stock on hand of one of your SKUs, newest first',
        description:
          'Adjustments, sales, and what came back from orders. What is only held for orders is under `holds`.',
        tags,
        params: schemas.BySku,
        querystring: stockSchemas.AdjustmentQuery,
        response: { 200: stockSchemas.StockHistory, ...problemResponses('forbidden', 'not_found', 'invalid_cursor') },
      },
    },
    async (request) => {
      const by = requireRole(request, 'seller');
      const { cursor, limit } = request.query;
      const [before] = cursor === undefined ? [null] : read(cursor);
      const { items, next } = await stockHistoryFor(ctx, by, request.params.sku, { before, limit: limit ?? 24 });
      return { items: items.map(changeView), nextCursor: next === null ? null : encodeCursor([next]) };
    },
  );
}

function holdsRoute(app: App, ctx: Context): void {
  app.get(
    '/api/v1/stock/:sku/holds',
    {
      config: { operatorPermission: 'catalogue:read' },
      schema: {
        operationId: 'listStockHolds',
        summary: 'List the orders with reserved units of one of your SKUs, the oldest 100',
        tags,
        params: schemas.BySku,
        response: { 200: stockSchemas.StockHolds, ...problemResponses('forbidden', 'not_found') },
      },
    },
    async (request) => {
      const items = await holdsFor(ctx, requireRole(request, 'seller'), request.params.sku);
      return {
        items: items.map(({ since, expiresAt, ...hold }) => ({
          ...hold,
          since: since.toISOString(),
          expiresAt: expiresAt.toISOString(),
        })),
      };
    },
  );
}

function lowStockRoute(app: App, ctx: Context): void {
  const read = cursorReader(stockSchemas.LowStockCursor);
  app.get(
    '/api/v1/stock',
    {
      config: { operatorPermission: 'catalogue:read' },
      schema: {
        operationId: 'listScarceStock',
        summary: 'List your variants that are low on stock, the lowest first',
        tags,
        querystring: stockSchemas.LowStockQuery,
        response: { 200: stockSchemas.LowStockPage, ...problemResponses('forbidden', 'invalid_cursor') },
      },
    },
    async (request) => {
      const by = requireRole(request, 'seller');
      const { sellerId, atMost, limit, cursor } = request.query;
      const after = cursor === undefined ? null : read(cursor);
      const { items, next } = await lowStockFor(ctx, by, { sellerId, atMost, after, limit });
      return { items, nextCursor: next === null ? null : encodeCursor(next) };
    },
  );
}

function reservationRoute(app: App, ctx: Context): void {
  app.get(
    '/api/v1/admin/product/reservations/:orderId',
    {
      config: { permission: 'orders:read' },
      schema: {
        operationId: 'getReservation',
        summary: 'Get the reservation of an order',
        tags: ['operations'],
        params: stockSchemas.ByOrder,
        response: { 200: stockSchemas.Reservation, ...problemResponses('forbidden', 'not_found') },
      },
    },
    async (request) => {
      const { expiresAt, createdAt, updatedAt, ...rest } = await reservationFor(ctx, request.params.orderId);
      return {
        ...rest,
        expiresAt: expiresAt === null ? null : expiresAt.toISOString(),
        createdAt: createdAt.toISOString(),
        updatedAt: updatedAt.toISOString(),
      };
    },
  );
}

function changeView(change: StockChange): Static<typeof stockSchemas.StockChange> {
  const { id, delta, onHand, at, reason, adjustedBy, orderId } = change;
  const common = { id, delta, onHand, at: at.toISOString() };
  if (orderId !== null) return { ...common, kind: delta < 0 ? 'sale' : 'return', orderId };
  return {
    ...common,
    kind: 'adjustment',
    ...(reason !== null && { reason }),
    ...(adjustedBy !== null && { adjustedBy }),
  };
}
