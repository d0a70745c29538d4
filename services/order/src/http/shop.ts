import { Currency } from '@tradepost/contracts/money';
import { Id } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { Type } from 'typebox';
import type { PlacementContext } from '../actions/placement-context.ts';

const Shop = Type.Object({
  name: Type.String(),
  taxIncluded: Type.Boolean({ description: 'Whether prices include tax' }),
  countries: Type.Union([Type.Array(Type.String({ description: 'ISO 3166-1 alpha-2 code' })), Type.Null()], {
    description: 'The countries that are sent to; null: every country',
  }),
  shippingMethods: Type.Array(
    Type.Object({
      id: Id,
      name: Type.String(),
      deliveryTime: Type.String(),
      countries: Type.Array(Type.String()),
      currency: Currency,
    }),
    { description: 'What one of them costs, a quote tells. Empty where nothing is charged for sending' },
  ),
  paymentProviders: Type.Array(Type.String()),
  currencies: Type.Union([Type.Array(Currency), Type.Null()], {
    description: 'The currencies that orders may be in; null: any',
  }),
  terms: Type.Union([Type.Object({ url: Type.String() }), Type.Null()], {
    description: 'The terms that an order must accept (`acceptedTerms`); null: none',
  }),
  minimumAge: Type.Union([Type.Integer(), Type.Null()], {
    description: 'The age in years that an order must confirm (`ageConfirmed`); null: none',
  }),
  reverseCharge: Type.Boolean({
    description: 'Whether a company in another country of the EU is charged no tax, if its VAT id is registered',
  }),
});

/** What a storefront needs to know of the shop. */
export function shopRoute(app: App, ctx: PlacementContext, name: string): void {
  app.get(
    '/api/v1/shop',
    {
      config: { auth: 'optional' },
      schema: {
        operationId: 'getShop',
        summary: 'Read where the shop sends, how, and which payments it takes',
        tags: ['shop'],
        response: { 200: Shop },
      },
    },
    async () => {
      const { shop, taxIncluded, shippingMethods } = await ctx.rules.current();
      const countries = [...new Set(shippingMethods.flatMap((method) => method.countries))].toSorted();
      return {
        name,
        taxIncluded,
        countries: shippingMethods.length === 0 ? null : countries,
        shippingMethods: shippingMethods.map((method) => ({
          id: method.id,
          name: method.name,
          deliveryTime: method.deliveryTime,
          countries: [...method.countries],
          currency: method.currency,
        })),
        paymentProviders: [...ctx.providers.keys()],
        currencies: shop.currencies.length === 0 ? null : [...shop.currencies],
        terms: shop.termsUrl === null ? null : { url: shop.termsUrl },
        minimumAge: shop.minimumAge,
        reverseCharge: shop.reverseCharge,
      };
    },
  );
}
