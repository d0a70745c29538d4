import { commonSettings, identitySettings } from '@tradepost/runtime/common-settings';
import { type Static, Type } from 'typebox';
import { LANGUAGES_PATTERN } from './domain/search-languages.ts';

export const productSettings = Type.Object({
  ...commonSettings,
  ...identitySettings,
  // As long as the gateway waits: an import is answered by its summary, however slowly it arrives. Other bodies reach this
  // service whole, or within the gateway's BODY_TIMEOUT_MS.
  REQUEST_TIMEOUT_MS: Type.Integer({
    default: 300_000,
    minimum: 1,
    maximum: 3_600_000,
    description: 'Time for a whole request to arrive, imports included',
  }),
  RESERVATION_TTL_MS: Type.Integer({
    default: 900_000,
    minimum: 100,
    description: 'Age of a reservation after which `product` asks `order` for its status',
  }),
  PRODUCT_CACHE_MS: Type.Integer({
    default: 1_000,
    minimum: 0,
    maximum: 60_000,
    description:
      'How old what shoppers are given may be, in the cache here and in that of the gateway together; 0 is no cache',
  }),
  PRODUCT_STALE_MS: Type.Integer({
    default: 300_000,
    minimum: 0,
    maximum: 3_600_000,
    description: 'How old what a shopper is shown of a product may be while the database cannot be reached; 0 is never',
  }),
  PRODUCT_CACHE_MAX: Type.Integer({
    default: 2_000,
    minimum: 1,
    maximum: 1_000_000,
    description: 'Size of the product cache',
  }),
  LOW_STOCK_UNITS: Type.Integer({
    default: 5,
    minimum: 0,
    maximum: 1_000_000,
    description: 'A seller gets a mail when an order leaves so many units of a SKU or fewer; 0 is never',
  }),
  SEARCH_LANGUAGES: Type.String({
    default: 'en',
    pattern: LANGUAGES_PATTERN,
    description:
      'Languages of the catalogue, by their codes (`de,en`): searches know their inflections and stop words. At most 8',
    examples: ['en', 'de,fr,en'],
  }),
  IMPORT_MAX_ROWS: Type.Integer({ default: 100_000, minimum: 1, description: 'Most rows of one import' }),
});
export type ProductSettings = Static<typeof productSettings>;
