import type { App } from '@tradepost/runtime/app';
import type { RulesContext } from '../../actions/change-rules.ts';
import { pricingSettingsRoutes } from './pricing-settings.ts';
import { promotionRoutes } from './promotions.ts';
import { shippingMethodRoutes } from './shipping-methods.ts';
import { shippingZoneRoutes } from './shipping-zones.ts';
import { shopSettingsRoutes } from './shop-settings.ts';
import { taxRateRoutes } from './tax-rates.ts';

/** What operators set up for prices: taxes, shipping and promotions; and the settings of the shop. */
export function ruleRoutes(app: App, ctx: RulesContext): void {
  pricingSettingsRoutes(app, ctx);
  shopSettingsRoutes(app, ctx);
  taxRateRoutes(app, ctx);
  shippingZoneRoutes(app, ctx);
  shippingMethodRoutes(app, ctx);
  promotionRoutes(app, ctx);
}
