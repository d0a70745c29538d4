import { IdInput } from '@tradepost/contracts/input';
import { Id, Sku } from '@tradepost/contracts/shapes';
import { Type } from 'typebox';

const strict = { additionalProperties: false };

export const Category = Type.String({
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  'x-allowed': 'lower-case letters, digits and single hyphens, such as garden-tools',
  maxLength: 60,
  description:
    'The slug of a category. A new one makes the category; operators decide whether it is in the navigation.',
  examples: ['kitchen'],
});

/** Of a page of products or adjustments. */
export const Limit = Type.Integer({ minimum: 1, maximum: 100, default: 24 });
export const Cursor = Type.String({ minLength: 1, maxLength: 2048, description: '`nextCursor` of the page before' });

export const ById = Type.Object({ id: IdInput });
export const ByIdOrSlug = Type.Object({ idOrSlug: Type.String({ minLength: 1, maxLength: 256 }) });
export const BySku = Type.Object({ sku: Sku });

export const IfMatch = Type.Object({
  'If-Match': Type.Optional(
    Type.String({ description: 'The ETag of the version that you change (optimistic concurrency)' }),
  ),
});
export const IfNoneMatch = Type.Object({
  'If-None-Match': Type.Optional(Type.String({ description: 'ETags that the client has: 304 if one is current' })),
});
export const IdempotencyKey = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x21-\\x7e]+$',
      description: 'A new random value for each new request, and the same one for a retry',
    }),
  ),
});

export const ImportSummary = Type.Object({
  created: Type.Integer({ minimum: 0 }),
  updated: Type.Integer({ minimum: 0 }),
  unchanged: Type.Integer({ minimum: 0 }),
  failed: Type.Integer({ minimum: 0 }),
  errors: Type.Array(Type.Object({ line: Type.Integer(), field: Type.String(), message: Type.String() }), {
    description: 'The first 1,000',
  }),
  moreErrors: Type.Integer({ minimum: 0, description: 'Errors that are not listed' }),
});

export const SellableQuery = Type.Object(
  { after: Type.Optional(Id), sku: Type.Optional(Type.String({ maxLength: 8_000 })) },
  strict,
);

/** An id inside a cursor, whose reader knows patterns but no formats. */
export const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
