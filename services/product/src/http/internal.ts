import { Readable } from 'node:stream';
import type { App } from '@tradepost/runtime/app';
import { invalid } from '@tradepost/runtime/validation';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { snapshotsAfter, snapshotsOf } from '../store/sellable-variants.ts';
import * as schemas from './schemas.ts';

const PAGE = 500;
const MAX_SKUS = 100;

/**
 * What other services ask for and the gateway never routes: everything that can be sold, as `product.changed.v1` would tell
 * it, one product per line. It holds nothing that is not public, and so asks for no credentials.
 */
export function internalRoutes(app: App, ctx: Context): void {
  app.get(
    '/internal/v1/sellable-variants',
    {
      config: { auth: 'none' },
      schema: { hide: true, querystring: schemas.SellableQuery, response: { 200: Type.Any() } },
    },
    async (request, reply) => {
      const { after, sku } = request.query;
      reply.header('content-type', 'application/x-ndjson; charset=utf-8').header('cache-control', 'no-store');
      if (sku === undefined) return reply.send(Readable.from(lines(ctx, after ?? null)));
      const skus = sku.split(',');
      if (skus.length > MAX_SKUS) {
        throw invalid([{ field: '?sku', message: `must be at most ${MAX_SKUS} SKUs with commas between them` }]);
      }
      const found = await snapshotsOf(ctx.pool, skus);
      return reply.send(found.map((snapshot) => `${JSON.stringify(snapshot)}\n`).join(''));
    },
  );
}

/** Page by page, as fast as it is read: a chunk is made when the one before has been taken. */
async function* lines(ctx: Context, after: string | null): AsyncGenerator<string> {
  for (let last = after; ; ) {
    const page = await snapshotsAfter(ctx.pool, last, PAGE);
    if (page.length > 0) yield page.map((snapshot) => `${JSON.stringify(snapshot)}\n`).join('');
    last = page.at(-1)?.productId ?? null;
    if (page.length < PAGE) return;
  }
}
