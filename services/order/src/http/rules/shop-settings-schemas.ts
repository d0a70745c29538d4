import { CountryInput, CurrencyInput, LineInput, TextInput } from '@tradepost/contracts/input';
import { Locale } from '@tradepost/contracts/locales';
import { type Static, Type } from 'typebox';
import { noShopSettings, type ShopSettings as Settings } from '../../domain/shop-settings.ts';
import type { Versioned } from '../../store/rules/rule-table.ts';
import { VatIdInput } from '../details-schemas.ts';

const prefix = (standard: string) =>
  Type.String({
    pattern: '^[A-Z0-9]{1,10}$',
    description: `What the numbers of such documents begin with: \`${standard}\` where it is left out`,
    examples: [standard],
  });

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
  legalName: Type.Optional(
    LineInput(200, {
      minLength: 1,
      description:
        'The name of the business on its invoices, for orders that are placed from then on; none are issued without it',
    }),
  ),
  addressLines: Type.Optional(
    Type.Array(LineInput(200, { minLength: 1 }), {
      maxItems: 6,
      description: 'The address of the business on its invoices. Required with `legalName`',
    }),
  ),
  invoicePrefix: Type.Optional(prefix('INV')),
  creditNotePrefix: Type.Optional(prefix('CN')),
  invoiceNote: Type.Optional(
    TextInput(1000, {
      minLength: 1,
      description:
        'What stands at the foot of each document, such as the register number, the tax number or a reason for no tax',
    }),
  ),
  language: Type.Optional(
    Type.Unsafe<Locale>({
      ...Locale,
      description: 'The language of documents for customers whose language is not known; `en` where it is left out',
    }),
  ),
  timeZone: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z][A-Za-z0-9_+/-]{0,63}$',
      'x-allowed': 'the name of a time zone, such as Europe/Berlin',
      description: 'The time zone (IANA) whose days and years documents have; `UTC` where it is left out',
      examples: ['Europe/Berlin'],
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
  legalName: Type.Optional(Type.String()),
  addressLines: Type.Array(Type.String()),
  invoicePrefix: Type.String(),
  creditNotePrefix: Type.String(),
  invoiceNote: Type.Optional(Type.String()),
  language: Locale,
  timeZone: Type.String(),
});

export const readNewShopSettings = (body: Static<typeof NewShopSettings>): Settings => ({
  ...noShopSettings,
  ...body,
});

export function shopSettingsView({
  country,
  vatId,
  termsUrl,
  minimumAge,
  currencies,
  legalName,
  addressLines,
  invoiceNote,
  ...rest
}: Versioned<Settings>): Static<typeof ShopSettings> {
  return {
    ...rest,
    ...(country !== null && { country }),
    ...(vatId !== null && { vatId }),
    ...(termsUrl !== null && { termsUrl }),
    ...(minimumAge !== null && { minimumAge }),
    currencies: [...currencies],
    ...(legalName !== null && { legalName }),
    addressLines: [...addressLines],
    ...(invoiceNote !== null && { invoiceNote }),
  };
}
