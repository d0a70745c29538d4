import type { App } from '@tradepost/runtime/app';
import { etagOf, ifMatch } from '@tradepost/runtime/precondition';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { deleteRule, putRule, type RulesContext } from '../../actions/change-rules.ts';
import { MAX_METHODS, shippingMethodKind } from '../../actions/rule-kinds.ts';
import * as requests from '../request-schemas.ts';
import * as schemas from './rule-schemas.ts';
import { methodView, readMethod } from './rule-views.ts';

const tags = ['pricing'];
const PATH = '/api/v1/admin/order/shipping-methods';

/** The shipping methods of the zones, with their prices. */
export function shippingMethodRoutes(app: App, ctx: RulesContext): void {
  listShippingMethodsRoute(app, ctx);
  putShippingMethodRoute(app, ctx);
  deleteShippingMethodRoute(app, ctx);
}

function listShippingMethodsRoute(app: App, ctx: RulesContext): void {
  app.get(
    PATH,
    {
      config: { permission: 'settings:read' },
      schema: {
        operationId: 'listShippingMethods',
        summary: 'List shipping methods: by zone, position and name',
        tags,
        response: { 200: Type.Object({ items: Type.Array(schemas.ShippingMethod) }), ...problemResponses('forbidden') },
      },
    },
    async () => {
      return { items: (await shippingMethodKind.table.all(ctx.pool)).map(methodView) };
    },
  );
}

function putShippingMethodRoute(app: App, ctx: RulesContext): void {
  app.put(
    `${PATH}/:id`,
    {
      config: { permission: 'settings:write', idempotent: true },
      schema: {
        operationId: 'saveShippingMethod',
        summary: 'Create or replace a shipping method',
        description: `${schemas.SAVED_BY_ID} At most ${MAX_METHODS} are kept.`,
        tags,
        params: requests.ById,
        headers: schemas.IfMatch,
        body: schemas.NewShippingMethod,
        response: {
          200: schemas.ShippingMethod,
          201: schemas.ShippingMethod,
          ...problemResponses('forbidden', 'precondition_required', 'version_conflict', 'unprocessable'),
        },
      },
    },
    async (request, reply) => {
      const rule = readMethod(request.params.id, request.body);
      const { stored, created } = await putRule(ctx, shippingMethodKind, rule, ifMatch(request.headers['if-match']));
      return reply
        .code(created ? 201 : 200)
        .header('etag', etagOf(stored.version))
        .send(methodView(stored));
    },
  );
}

function deleteShippingMethodRoute(app: App, ctx: RulesContext): void {
  app.delete(
    `${PATH}/:id`,
    {
      config: { permission: 'settings:write', idempotent: true },
      schema: {
        operationId: 'deleteShippingMethod',
        summary: 'Delete a shipping method',
        description: 'Orders that were placed with it keep its name and price.',
        tags,
        params: requests.ById,
        response: { 204: Type.Null(), ...problemResponses('forbidden') },
      },
    },
    async (request, reply) => {
      await deleteRule(ctx, shippingMethodKind, request.params.id);
      return reply.code(204).send(null);
    },
  );
}
