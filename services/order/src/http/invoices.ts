import { Readable } from 'node:stream';
import type { App } from '@tradepost/runtime/app';
import { cursorReader, encodeCursor } from '@tradepost/runtime/cursor';
import { optionalIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { actorFor } from '../actions/guests.ts';
import { allInvoices, periodOf, readInvoice, readInvoices } from '../actions/read-invoices.ts';
import type { InvoiceType, TaxTotal } from '../domain/invoice.ts';
import { listInvoices, type StoredInvoice } from '../store/invoices.ts';
import { csvRow } from './csv.ts';
import * as schemas from './invoice-schemas.ts';
import * as requests from './request-schemas.ts';

const tags = ['invoices'];

/** Invoices and credit notes: of one order, and of a period for bookkeeping. */
export function invoiceRoutes(app: App, ctx: Context): void {
  invoicesOfOrderRoute(app, ctx);
  invoiceRoute(app, ctx);
  bookkeepingRoute(app, ctx);
}

function invoicesOfOrderRoute(app: App, ctx: Context): void {
  app.get(
    '/api/v1/orders/:id/invoices',
    {
      config: { operatorPermission: 'payments:read', auth: 'optional' },
      schema: {
        operationId: 'listOrderInvoices',
        summary: 'List the invoice and the credit notes of an order',
        description:
          'For the customer and for operators; not for sellers, who do not see who is billed. Documents are issued within seconds after an ' +
          'order is paid, or sold on invoice, or refunded. A shop without a legal name issues none.',
        tags,
        params: requests.ById,
        querystring: requests.WithToken,
        response: {
          200: Type.Object({ items: Type.Array(schemas.InvoiceSummary) }),
          ...problemResponses('not_found', 'forbidden', 'unauthenticated'),
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const actor = await actorFor(ctx, optionalIdentity(request), { id, token: request.query.token });
      return { items: (await readInvoices(ctx.pool, actor, id)).map(schemas.summaryView) };
    },
  );
}

function invoiceRoute(app: App, ctx: Context): void {
  app.get(
    '/api/v1/orders/:id/invoices/:number',
    {
      config: { operatorPermission: 'payments:read', auth: 'optional' },
      schema: {
        operationId: 'getOrderInvoice',
        summary: 'Read an invoice or a credit note',
        description: 'As it was issued: a document never changes. For the customer and for operators.',
        tags,
        params: schemas.ByNumber,
        querystring: requests.WithToken,
        response: { 200: schemas.Invoice, ...problemResponses('not_found', 'forbidden', 'unauthenticated') },
      },
    },
    async (request) => {
      const { id, number } = request.params;
      const actor = await actorFor(ctx, optionalIdentity(request), { id, token: request.query.token });
      return schemas.invoiceView(await readInvoice(ctx.pool, actor, id, number));
    },
  );
}

const readCursor = cursorReader(Type.Tuple([Type.String({ format: 'date-time' }), Type.String({ maxLength: 40 })]));

function bookkeepingRoute(app: App, ctx: Context): void {
  app.get(
    '/api/v1/admin/order/invoices',
    {
      config: { permission: 'payments:read' },
      schema: {
        operationId: 'listInvoices',
        summary: 'List the invoices and credit notes of a period, oldest first',
        description:
          'With `Accept: text/csv` all documents of the period as a CSV file: one row for each document and tax rate, amounts in minor units, ' +
          'those of credit notes below 0. `limit` and `cursor` do not count then.',
        tags,
        querystring: schemas.PeriodQuery,
        response: {
          200: Type.Object({
            items: Type.Array(schemas.ListedInvoice),
            nextCursor: Type.Union([Type.String(), Type.Null()]),
          }),
          ...problemResponses('forbidden', 'invalid_cursor'),
        },
      },
    },
    async (request, reply) => {
      const { from, to, limit, cursor } = request.query;
      const period = periodOf(from, to);
      if (request.headers.accept?.includes('text/csv')) {
        reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="invoices.csv"');
        // as: the schema is that of the JSON; a stream is sent as it is.
        return reply.send(Readable.from(csvOf(ctx, period)) as never);
      }
      const [at, number] = cursor === undefined ? [] : readCursor(cursor);
      const after = at !== undefined && number !== undefined ? { issuedAt: new Date(at), number } : null;
      const rows = await listInvoices(ctx.pool, { ...period, after, limit: limit + 1 });
      const items = rows.slice(0, limit);
      const last = rows.length > limit ? items.at(-1) : undefined;
      const nextCursor = last ? encodeCursor([last.issuedAt.toISOString(), last.content.number]) : null;
      return reply.send({ items: items.map(schemas.listedView), nextCursor });
    },
  );
}

const columns = [
  ...['number', 'type', 'issued on', 'order', 'invoice', 'customer', 'company', 'VAT id', 'country', 'supplied on'],
  ...['paid on', 'currency', 'tax', 'rate %', 'net', 'tax amount', 'gross'],
];

async function* csvOf(ctx: Context, period: ReturnType<typeof periodOf>): AsyncGenerator<string> {
  yield csvRow(columns);
  for await (const part of allInvoices(ctx.pool, period)) yield part.flatMap(rowsOf).join('');
}

function rowsOf({ content }: StoredInvoice): string[] {
  const { customer, currency, type } = content;
  const head = [
    ...[content.number, type, content.issuedOn, content.orderNumber, content.invoiceNumber ?? ''],
    ...[customer.name, customer.company ?? '', customer.vatId ?? '', customer.address.country],
    ...[content.suppliedOn ?? '', content.paidOn ?? '', currency],
  ];
  return content.taxTotals.map((total) => csvRow([...head, ...taxCells(type, total)]));
}

function taxCells(type: InvoiceType, { name, ratePercent, net, tax, gross }: TaxTotal): (string | number)[] {
  // Not −0, which is written as 0 but is another value.
  const signed = (amount: number) => (type === 'invoice' ? amount : 0 - amount);
  return [name, ratePercent ?? '', signed(net), signed(tax), signed(gross)];
}
