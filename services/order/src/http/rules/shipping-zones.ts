import type { App } from '@tradepost/runtime/app';
import { etagOf, ifMatch } from '@tradepost/runtime/precondition';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { deleteRule, putRule, type RulesContext } from '../../actions/change-rules.ts';
import { MAX_ZONES, shippingZoneKind } from '../../actions/rule-kinds.ts';
import * as requests from '../request-schemas.ts';
import * as schemas from './rule-schemas.ts';
import { readZone, zoneView } from './rule-views.ts';

const tags = ['pricing'];
const PATH = '/api/v1/admin/order/shipping-zones';

/** Groups of countries to which the same shipping methods send. */
export function shippingZoneRoutes(app: App, ctx: RulesContext): void {
  listShippingZonesRoute(app, ctx);
  putShippingZoneRoute(app, ctx);
  deleteShippingZoneRoute(app, ctx);
}

function listShippingZonesRoute(app: App, ctx: RulesContext): void {
  app.get(
    PATH,
    {
      config: { permission: 'settings:read' },
      schema: {
        operationId: 'listShippingZones',
        summary: 'List shipping zones, by name',
        tags,
        response: { 200: Type.Object({ items: Type.Array(schemas.ShippingZone) }), ...problemResponses('forbidden') },
      },
    },
    async () => {
      return { items: (await shippingZoneKind.table.all(ctx.pool)).map(zoneView) };
    },
  );
}

function putShippingZoneRoute(app: App, ctx: RulesContext): void {
  app.put(
    `${PATH}/:id`,
    {
      config: { permission: 'settings:write', idempotent: true },
      schema: {
        operationId: 'saveShippingZone',
        summary: 'Create or replace a shipping zone',
        description: `${schemas.SAVED_BY_ID} At most ${MAX_ZONES} are kept.`,
        tags,
        params: requests.ById,
        headers: schemas.IfMatch,
        body: schemas.NewShippingZone,
        response: {
          200: schemas.ShippingZone,
          201: schemas.ShippingZone,
          ...problemResponses('forbidden', 'precondition_required', 'version_conflict', 'unprocessable'),
        },
      },
    },
    async (request, reply) => {
      const rule = readZone(request.params.id, request.body);
      const { stored, created } = await putRule(ctx, shippingZoneKind, rule, ifMatch(request.headers['if-match']));
      return reply
        .code(created ? 201 : 200)
        .header('etag', etagOf(stored.version))
        .send(zoneView(stored));
    },
  );
}

function deleteShippingZoneRoute(app: App, ctx: RulesContext): void {
  app.delete(
    `${PATH}/:id`,
    {
      config: { permission: 'settings:write', idempotent: true },
      schema: {
        operationId: 'deleteShippingZone',
        summary: 'Delete a shipping zone',
        description: 'Its shipping methods must be deleted before: `conflict` otherwise.',
        tags,
        params: requests.ById,
        response: { 204: Type.Null(), ...problemResponses('forbidden', 'conflict') },
      },
    },
    async (request, reply) => {
      await deleteRule(ctx, shippingZoneKind, request.params.id);
      return reply.code(204).send(null);
    },
  );
}
