import { Readable } from 'node:stream';
import { Refusal } from '@tradepost/contracts/refusal';
import type { App } from '@tradepost/runtime/app';
import { onlyRoles, requireRole } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import type { Context } from '../actions/context.ts';
import { importProducts } from '../actions/import-products.ts';
import { rowsOfCsv, rowsOfNdjson } from './import-rows.ts';
import * as schemas from './schemas.ts';

const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv';

/** `POST /api/v1/products/imports`: the body is read as a stream, so a scope of its own knows its content types. */
export function importRoutes(app: App, ctx: Context, maxRows: number): void {
  app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser([NDJSON, CSV], (_request, body, done) => done(null, body));
    scope.post(
      '/api/v1/products/imports',
      {
        config: { idempotent: false },
        onRequest: onlyRoles('seller'),
        schema: {
          operationId: 'importProducts',
          summary: 'Offer or change many products',
          description:
            `\`${NDJSON}\`: one product per line, as for \`POST /api/v1/products\`. \`${CSV}\`: one variant per record, with a ` +
            'header line of `sku`, `title`, `price` (minor units), `currency` and, where wanted, `product` (records that ' +
            'follow one another with the same text are one product), `description`, `categories` (divided by `|`), ' +
            '`variantTitle`, `stock` and `attribute:<name>`. A product is known by its SKUs; `stock` counts for new ones ' +
            'only. Rows that are not valid are reported, and the others imported.',
          tags: ['catalogue'],
          body: { content: { [NDJSON]: { schema: {} }, [CSV]: { schema: {} } } },
          response: { 200: schemas.ImportSummary, ...problemResponses('forbidden', 'too_large') },
        },
      },
      async (request) => {
        const by = requireRole(request, 'seller');
        const { body } = request;
        if (!(body instanceof Readable)) {
          throw new Refusal('unsupported_media_type', `Send the body as ${NDJSON} or ${CSV}, with that Content-Type`);
        }
        const isCsv = request.headers['content-type']?.trim().toLowerCase().startsWith(CSV);
        return importProducts(ctx, by, isCsv ? rowsOfCsv(body, maxRows) : rowsOfNdjson(body, maxRows));
      },
    );
  });
}
