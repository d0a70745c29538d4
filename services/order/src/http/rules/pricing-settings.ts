import type { App } from '@tradepost/runtime/app';
import { etagOf, ifMatch } from '@tradepost/runtime/precondition';
import { problemResponses } from '@tradepost/runtime/schema';
import { changePricingSettings } from '../../actions/change-pricing-settings.ts';
import type { RulesContext } from '../../actions/change-rules.ts';
import { readPricingSettings } from '../../store/rules/pricing-settings.ts';
import * as schemas from './rule-schemas.ts';

const tags = ['pricing'];
const PATH = '/api/v1/admin/order/pricing-settings';

/** Whether prices include tax, how tax is rounded, and how shipping is taxed. */
export function pricingSettingsRoutes(app: App, ctx: RulesContext): void {
  app.get(
    PATH,
    {
      config: { permission: 'settings:read' },
      schema: {
        operationId: 'getPricingSettings',
        summary: 'Get the settings of prices and taxes',
        tags,
        response: { 200: schemas.PricingSettings, ...problemResponses('forbidden') },
      },
    },
    async (_request, reply) => {
      const settings = await readPricingSettings(ctx.pool);
      return reply.header('etag', etagOf(settings.version)).send(settings);
    },
  );

  app.put(
    PATH,
    {
      config: { permission: 'settings:write', idempotent: true },
      schema: {
        operationId: 'replacePricingSettings',
        summary: 'Replace the settings of prices and taxes',
        tags,
        headers: schemas.IfMatch,
        body: schemas.NewPricingSettings,
        response: {
          200: schemas.PricingSettings,
          ...problemResponses('forbidden', 'precondition_required', 'version_conflict'),
        },
      },
    },
    async (request, reply) => {
      const settings = await changePricingSettings(ctx, request.body, ifMatch(request.headers['if-match']));
      return reply.header('etag', etagOf(settings.version)).send(settings);
    },
  );
}
