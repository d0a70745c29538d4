import { commonSettings, identitySettings } from '@tradepost/runtime/settings';
import { type Static, Type } from 'typebox';

export const productSettings = Type.Object({
  ...commonSettings,
  ...identitySettings,
  // As long as the gateway waits: an import is answered by its summary, however slowly it arrives. Other bodies reach this
  // service whole, or within the gateway's BODY_TIMEOUT_MS.
  REQUEST_TIMEOUT_MS: Type.Integer({
    default: 300_000,
    minimum: 1,
    maximum: 3_600_000,
    description: 'How long a whole request may take to arrive, imports included',
  }),
  RESERVATION_TTL_MS: Type.Integer({
    default: 900_000,
    minimum: 100,
    description: 'How long stock is held for an order before `order` is asked what became of it',
  }),
  PRODUCT_CACHE_MS: Type.Integer({
    default: 1_000,
    minimum: 0,
    maximum: 60_000,
    description: 'How old what a shopper is shown of a product may be when another instance has changed it; 0 is never',
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
    description: 'How many products are remembered for that long',
  }),
  IMPORT_MAX_ROWS: Type.Integer({ default: 100_000, minimum: 1, description: 'Most rows of one import' }),
});
export type ProductSettings = Static<typeof productSettings>;
