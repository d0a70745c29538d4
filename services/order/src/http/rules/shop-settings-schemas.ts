import { CountryInput, CurrencyInput } from '@tradepost/contracts/input';
import { type Static, Type } from 'typebox';
import { noShopSettings, type ShopSettings as Settings } from '../../domain/shop-settings.ts';
import type { Versioned } from '../../store/rules/rule-table.ts';
import { VatIdInput } from '../details-schemas.ts';

const settings = {
  country: Type.Optional(CountryInput),
  vatId: Type.Optional(VatIdInput),
  reverseCharge: Type.Optional(
    Type.Boolean({
      description:
        'Whether companies in other countries of the EU are charged no tax, if their VAT id is registered. Needs `country` and `vatId`',
    }),
  ),
  termsUrl: Type.Optional(
    Type.String({
      pattern: '^https?://[!-~]+$',
      maxLength: 500,
      description: 'The terms that customers must accept; none without it',
      examples: ['https://shop.example/terms'],
    }),
  ),
  minimumAge: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 120, description: 'The age in years that customers must confirm' }),
  ),
  currencies: Type.Optional(
    Type.Array(CurrencyInput, {
      maxItems: 20,
      uniqueItems: true,
      description: 'The currencies that orders may be in; any where there is none',
    }),
  ),
};
export const NewShopSettings = Type.Object(settings, { additionalProperties: false });

export const ShopSettings = Type.Object({
  version: Type.Integer({ minimum: 1, description: 'Incremented with each change; also the ETag' }),
  ...settings,
  country: Type.Optional(Type.String()),
  vatId: Type.Optional(Type.String()),
  termsUrl: Type.Optional(Type.String()),
  reverseCharge: Type.Boolean(),
  currencies: Type.Array(Type.String()),
});

export const readNewShopSettings = (body: Static<typeof NewShopSettings>): Settings => ({
  ...noShopSettings,
  ...body,
});

export function shopSettingsView({
  version,
  country,
  vatId,
  reverseCharge,
  termsUrl,
  minimumAge,
  currencies,
}: Versioned<Settings>): Static<typeof ShopSettings> {
  return {
    version,
    ...(country !== null && { country }),
    ...(vatId !== null && { vatId }),
    reverseCharge,
    ...(termsUrl !== null && { termsUrl }),
    ...(minimumAge !== null && { minimumAge }),
    currencies: [...currencies],
  };
}
