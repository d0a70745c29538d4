import type { App } from '@tradepost/runtime/app';
import { etagOf, ifMatch } from '@tradepost/runtime/precondition';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { deleteRule, putRule, type RulesContext } from '../../actions/change-rules.ts';
import { MAX_TAX_RATES, taxRateKind } from '../../actions/rule-kinds.ts';
import * as requests from '../request-schemas.ts';
import * as schemas from './rule-schemas.ts';
import { readTaxRate, taxRateView } from './rule-views.ts';

const tags = ['pricing'];
const PATH = '/api/v1/admin/order/tax-rates';

/** The taxes of countries and regions, by tax class. */
export function taxRateRoutes(app: App, ctx: RulesContext): void {
  listTaxRatesRoute(app, ctx);
  putTaxRateRoute(app, ctx);
  deleteTaxRateRoute(app, ctx);
}

function listTaxRatesRoute(app: App, ctx: RulesContext): void {
  app.get(
    PATH,
    {
      config: { permission: 'settings:read' },
      schema: {
        operationId: 'listTaxRates',
        summary: 'List tax rates: by country, region and tax class',
        tags,
        response: { 200: Type.Object({ items: Type.Array(schemas.TaxRate) }), ...problemResponses('forbidden') },
      },
    },
    async () => {
      return { items: (await taxRateKind.table.all(ctx.pool)).map(taxRateView) };
    },
  );
}

function putTaxRateRoute(app: App, ctx: RulesContext): void {
  app.put(
    `${PATH}/:id`,
    {
      config: { permission: 'settings:write', idempotent: true },
      schema: {
        operationId: 'saveTaxRate',
        summary: 'Create or replace a tax rate',
        description: `${schemas.SAVED_BY_ID} At most ${MAX_TAX_RATES} are kept.`,
        tags,
        params: requests.ById,
        headers: schemas.IfMatch,
        body: schemas.NewTaxRate,
        response: {
          200: schemas.TaxRate,
          201: schemas.TaxRate,
          ...problemResponses('forbidden', 'precondition_required', 'version_conflict', 'unprocessable'),
        },
      },
    },
    async (request, reply) => {
      const rule = readTaxRate(request.params.id, request.body);
      const { stored, created } = await putRule(ctx, taxRateKind, rule, ifMatch(request.headers['if-match']));
      return reply
        .code(created ? 201 : 200)
        .header('etag', etagOf(stored.version))
        .send(taxRateView(stored));
    },
  );
}

function deleteTaxRateRoute(app: App, ctx: RulesContext): void {
  app.delete(
    `${PATH}/:id`,
    {
      config: { permission: 'settings:write', idempotent: true },
      schema: {
        operationId: 'deleteTaxRate',
        summary: 'Delete a tax rate',
        description: 'Orders that were placed keep what they were taxed.',
        tags,
        params: requests.ById,
        response: { 204: Type.Null(), ...problemResponses('forbidden') },
      },
    },
    async (request, reply) => {
      await deleteRule(ctx, taxRateKind, request.params.id);
      return reply.code(204).send(null);
    },
  );
}
