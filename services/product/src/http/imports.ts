import { Readable } from 'node:stream';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { App } from '@tradepost/runtime/app';
import { onlyRoles, requireRole } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import type { Context } from '../actions/context.ts';
import type { ImportRow } from '../actions/import-batch.ts';
import { importProducts } from '../actions/import-products.ts';
import { rowsOfCsv } from './csv-rows.ts';
import { textOf } from './import-body.ts';
import { createImportChecks, type ImportChecks } from './import-checks.ts';
import { columnOf } from './import-csv.ts';
import { rowsOfNdjson } from './ndjson-rows.ts';
import * as schemas from './schemas.ts';

const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv';

/** `POST /api/v1/products/imports`: the body is read as a stream, so a scope of its own knows its content types. */
export function importRoutes(app: App, ctx: Context, maxRows: number): void {
  const slots = createImportSlots();
  let checks: ImportChecks | undefined;
  app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser([NDJSON, CSV], (_request, body, done) => done(null, body));
    scope.addContentTypeParser('*', (_request, _body, done) => done(unsupportedType()));
    scope.post(
      '/api/v1/products/imports',
      {
        config: { operatorPermission: 'catalogue:write', idempotent: false, contentEncodings: ['gzip'] },
        onRequest: onlyRoles('seller'),
        schema: {
          operationId: 'importProducts',
          summary: 'Import products: create or change many',
          description:
            `\`${NDJSON}\`: one product per line, as for \`POST /api/v1/products\`. \`${CSV}\`: one variant per record, with a ` +
            'header line of `sku`, `title`, `price` (minor units), `currency` and, where wanted, `product` (records that ' +
            'follow one another with the same text are one product), `description`, `categories` (divided by `|`), `taxClass`, ' +
            '`digital` (`true` or `false`), `variantTitle`, `stock`, `weightGrams` and `attribute:<name>`, separated by commas, ' +
            'semicolons or tabs. What has no column stays as it is, and a file with a column that is not known is refused. A product is known by its SKUs; `stock` counts for new ones only. Rows that are not valid are ' +
            'reported with their line, and the others imported. Where a file cannot be read any further, the rows before are imported, ' +
            'and `imported` of the problem document counts them. The text is UTF-8 or of the declared charset; gzip is read.',
          tags: ['catalogue'],
          body: { content: { [NDJSON]: { schema: {} }, [CSV]: { schema: {} } } },
          response: {
            200: schemas.ImportSummary,
            ...problemResponses('malformed_request', 'forbidden', 'too_large', 'rate_limited', 'overloaded'),
          },
        },
      },
      async (request) => {
        const by = requireRole(request, 'seller');
        const { body } = request;
        if (!(body instanceof Readable)) {
          throw unsupportedType();
        }
        const { 'content-type': contentType = '', 'content-encoding': contentEncoding = '' } = request.headers;
        checks ??= createImportChecks();
        const text = textOf({ stream: body, contentType, contentEncoding: contentEncoding.trim().toLowerCase() });
        const isCsv = contentType.trim().toLowerCase().startsWith(CSV);
        const rows: AsyncIterable<ImportRow> = isCsv
          ? rowsOfCsv(text, maxRows, checks)
          : rowsOfNdjson(text, maxRows, checks);
        return slots(by.accountId, () => importProducts(ctx, by, rows, isCsv ? columnOf : undefined));
      },
    );
  });
}

const unsupportedType = (): ProblemError =>
  new ProblemError(
    'unsupported_media_type',
    `Send the table as CSV with the Content-Type ${CSV}, or one JSON object a line as ${NDJSON}`,
  );

/** Imports at once, of one account and of all: each holds memory and statements while its file arrives. */
const MAX_OF_ACCOUNT = 2;
const MAX_OF_ALL = 8;

/** Runs an import, or refuses it while there are too many. */
function createImportSlots(): <T>(accountId: string, work: () => Promise<T>) => Promise<T> {
  const running: string[] = [];
  return async (accountId, work) => {
    if (running.filter((one) => one === accountId).length >= MAX_OF_ACCOUNT) {
      const detail = `At most ${MAX_OF_ACCOUNT} imports of one account run at a time`;
      throw new ProblemError('rate_limited', detail, { retryAfter: 10 });
    }
    if (running.length >= MAX_OF_ALL)
      throw new ProblemError('overloaded', 'Too many imports are running', { retryAfter: 10 });
    running.push(accountId);
    try {
      return await work();
    } finally {
      running.splice(running.indexOf(accountId), 1);
    }
  };
}
