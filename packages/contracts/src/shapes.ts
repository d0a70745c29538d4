import { Type } from 'typebox';

/** A UUID, as every id in Tradepost; new ones are version 7 (RFC 9562), so they sort by creation. */
export const Id = Type.String({ format: 'uuid', examples: ['01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11'] });

/** An RFC 3339 time in UTC. */
export const Time = Type.String({ format: 'date-time', examples: ['2026-11-23T10:15:00.000Z'] });

/** A stock keeping unit: what is sold. 1 to 64 characters that need no quoting in a URL. */
export const Sku = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
  'x-allowed': 'at most 64 letters A to Z, digits, dots, hyphens and underscores, with a letter or digit first',
  examples: ['MUG-BLUE'],
});

/** Units of one SKU in one order or cart line. */
export const Quantity = Type.Integer({ minimum: 1, maximum: 999, examples: [2] });
