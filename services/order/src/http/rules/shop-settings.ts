import type { App } from '@tradepost/runtime/app';
import { etagOf, ifMatch } from '@tradepost/runtime/precondition';
import { problemResponses } from '@tradepost/runtime/schema';
import type { RulesContext } from '../../actions/change-rules.ts';
import { changeShopSettings } from '../../actions/change-shop-settings.ts';
import { readShopSettings } from '../../store/rules/shop-settings.ts';
import { IfMatch } from './rule-schemas.ts';
import * as schemas from './shop-settings-schemas.ts';

const tags = ['pricing'];
const PATH = '/api/v1/admin/order/shop-settings';

/** Where the shop is taxed, what customers must confirm, and the currencies of orders. */
export function shopSettingsRoutes(app: App, ctx: RulesContext): void {
  app.get(
    PATH,
    {
      config: { permission: 'settings:read' },
      schema: {
        operationId: 'getShopSettings',
        summary: 'Get the settings of the shop',
        tags,
        response: { 200: schemas.ShopSettings, ...problemResponses('forbidden') },
      },
    },
    async (_request, reply) => {
      const settings = await readShopSettings(ctx.pool);
      return reply.header('etag', etagOf(settings.version)).send(schemas.shopSettingsView(settings));
    },
  );

  app.put(
    PATH,
    {
      config: { permission: 'settings:write', idempotent: true },
      schema: {
        operationId: 'replaceShopSettings',
        summary: 'Replace the settings of the shop',
        description: 'A field that is left out is set to none.',
        tags,
        headers: IfMatch,
        body: schemas.NewShopSettings,
        response: {
          200: schemas.ShopSettings,
          ...problemResponses('forbidden', 'precondition_required', 'version_conflict', 'unprocessable'),
        },
      },
    },
    async (request, reply) => {
      const wanted = schemas.readNewShopSettings(request.body);
      const settings = await changeShopSettings(ctx, wanted, ifMatch(request.headers['if-match']));
      return reply.header('etag', etagOf(settings.version)).send(schemas.shopSettingsView(settings));
    },
  );
}
